/** The binary form of CIFAR-10 and CIFAR-100: labels and 32×32 colour planes in records. The pickled form is refused. */
import { open } from 'node:fs/promises';
import { Unusable } from './limits.ts';
import { type RecordSet, readExactly, readRecords } from './records.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
/** Records looked at before a file is believed. */
const PROBED = 100;

interface Form {
  /** Bytes before the pixels, the last of which is the label. */
  readonly labelBytes: number;
  readonly classes: number;
  /** The file with the names of the classes, one a line. */
  readonly names: string;
}

const FORMS: readonly Form[] = [
  { labelBytes: 1, classes: 10, names: 'batches.meta.txt' },
  { labelBytes: 2, classes: 100, names: 'fine_label_names.txt' },
];

const CIFAR10 = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/** Could a file of this name hold CIFAR records, or the names of their classes? */
export function isCifarName(path: string): boolean {
  return /\.bin$/i.test(path);
}

export function isCifarNames(path: string): boolean {
  return FORMS.some((form) => path === form.names || path.endsWith(`/${form.names}`));
}

/** Is this the form for Python, which only Python should open? */
export function isPickledCifar(path: string): boolean {
  return /(^|\/)(cifar-\d+-batches-py\/|cifar-100-python\/|data_batch_\d$)/.test(path);
}

/**
 * Opens a file of records `<label> <1024 red> <1024 green> <1024 blue>` (CIFAR-100: coarse label, then fine label,
 * which is the one used), as www.cs.toronto.edu/~kriz/cifar.html describes them.
 *
 * @param namesFile text of a file that lies beside it, by its name
 * @throws Unusable where length and labels fit neither CIFAR-10 nor CIFAR-100
 */
export async function openCifar(
  name: string,
  file: string,
  namesFile: (fileName: string) => string | undefined,
): Promise<RecordSet> {
  const form = await formOf(file);
  if (form === null) throw new Unusable('It is no image, and neither CIFAR-10 nor CIFAR-100 in binary form.');
  const { labelBytes, classes } = form;
  const bytes = labelBytes + 3 * PLANE;
  const handle = await open(file, 'r');
  const { size } = await handle.stat().finally(() => handle.close());
  return {
    name,
    count: size / bytes,
    width: SIDE,
    height: SIDE,
    channels: 3,
    classes: classNames(form, namesFile(form.names)),
    async *read() {
      for await (const record of readRecords(file, 0, bytes, size / bytes)) {
        const label = record[labelBytes - 1] ?? 0;
        if (label >= classes)
          throw new Unusable(`It has a label ${label}, beyond the ${classes} classes of CIFAR-${classes}.`);
        yield { pixels: interleave(record.subarray(labelBytes)), label };
      }
    },
  };
}

async function formOf(file: string): Promise<Form | null> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    for (const form of FORMS) {
      const bytes = form.labelBytes + 3 * PLANE;
      if (size === 0 || size % bytes !== 0) continue;
      let plausible = true;
      for (let n = 0; n < Math.min(PROBED, size / bytes) && plausible; n++) {
        const labels = await readExactly(handle, n * bytes, form.labelBytes);
        plausible = (labels[form.labelBytes - 1] ?? 0) < form.classes;
      }
      if (plausible) return form;
    }
    return null;
  } finally {
    await handle.close();
  }
}

function classNames(form: Form, text: string | undefined): string[] {
  const lines = (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === form.classes && new Set(lines).size === lines.length) return lines.map((line) => line.trim());
  return form.classes === CIFAR10.length ? CIFAR10 : Array.from({ length: form.classes }, (_, n) => String(n));
}

/** Planes to pixels. */
function interleave(planes: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(planes.length);
  for (let i = 0; i < PLANE; i++) {
    for (let channel = 0; channel < 3; channel++) pixels[i * 3 + channel] = planes[channel * PLANE + i] ?? 0;
  }
  return pixels;
}
