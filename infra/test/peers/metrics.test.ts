/** The metrics against torch-fidelity, prdc, scikit-learn and SciPy, on the same arrays that NumPy saved. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { npyHeader } from '../../../batch/data/npy.ts';
import type { MetricName, MetricOptions } from '../../../batch/metrics/catalogue.ts';
import { type Images, laplacianPyramid } from '../../../batch/metrics/images.ts';
import { readArray } from '../../../batch/metrics/read-array.ts';
import { type Samples, toLabels } from '../../../batch/metrics/samples.ts';
import { scoreOf } from '../../../batch/metrics/score.ts';
import { unitDirections } from '../../../batch/metrics/sliced.ts';
import { cacheFolder } from '../../setup/cache.mjs';
import { prepareMetricPeers } from '../../setup/peers.mjs';
import { createProgress } from '../../setup/progress.mjs';
import { temporaryFolder } from '../temporary-folder.ts';

interface Kernel {
  readonly value: number;
  readonly deviation: number;
}
type Neighbours = Readonly<Record<'precision' | 'recall' | 'density' | 'coverage', number>>;
interface Theirs {
  readonly fid: number;
  readonly fidOfFewerThanFeatures: number;
  readonly kidOfAll: Kernel;
  readonly kid: Kernel;
  readonly neighbours3: Neighbours;
  readonly neighbours5: Neighbours;
  readonly mind: number;
  readonly swd: number;
  readonly transport: number;
  readonly cas: { readonly trainedOnFake: number; readonly trainedOnReal: number };
  readonly memorisation: readonly { readonly ratio: number; readonly z: number }[];
  readonly pyramid: readonly (readonly number[])[];
}

const SEED = 3;
const USUAL: MetricOptions = { k: null, subsets: 100, subsetSize: 1000, seed: SEED, heldOut: null };
const folder = temporaryFolder();
const path = (name: string) => join(folder, `${name}.npy`);
let theirs: Theirs;

beforeAll(async () => {
  const progress = createProgress();
  const python = await prepareMetricPeers({ cache: cacheFolder(), progress });
  progress.close();
  const script = fileURLToPath(new URL('metrics_peer.py', import.meta.url));
  const ask = async (command: string): Promise<unknown> => {
    const options = { maxBuffer: 2 ** 26 };
    return JSON.parse((await promisify(execFile)(python, ['-B', script, command, folder], options)).stdout);
  };
  await ask('make');
  const { values } = unitDirections(1000, 8, SEED);
  const header = npyHeader('|u1', [1000, 8]).toString('latin1').replace('|u1', '<f8');
  writeFileSync(path('directions'), Buffer.concat([Buffer.from(header, 'latin1'), Buffer.from(values.buffer)]));
  theirs = (await ask('measure')) as Theirs;
}, 1_800_000);

async function read(name: string, labels?: string): Promise<Samples> {
  const array = await readArray(path(name));
  return { name, array, labels: labels === undefined ? null : toLabels(labels, await readArray(path(labels))) };
}

async function score(metric: MetricName, real: string, fake: string, options: Partial<MetricOptions> = {}) {
  const samples = [await read(real, 'realLabels'), await read(fake, 'fakeLabels')] as const;
  const [a, b] = real === 'real' && fake === 'fake' ? samples : samples.map((one) => ({ ...one, labels: null }));
  if (!a || !b) throw new Error('unreachable');
  return scoreOf(metric, a, b, { ...USUAL, ...options });
}

/** Far closer than the 1e-4 that is promised: a wrong formula may be near. */
const expectEqual = (own: number, reference: number) => {
  expect(Math.abs(own - reference)).toBeLessThanOrEqual(1e-7 * Math.abs(reference));
};

describe('as torch-fidelity', () => {
  it("finds Fréchet's distance", async () => {
    expectEqual((await score('fid', 'real', 'fake')).value, theirs.fid);
  });

  it("finds Fréchet's distance where there are fewer samples than features", async () => {
    expectEqual((await score('fid', 'wideReal', 'wideFake')).value, theirs.fidOfFewerThanFeatures);
  });

  it('finds the kernel distance of all samples', async () => {
    const own = await score('kid', 'largeReal', 'largeFake', { subsets: 1, subsetSize: 2500 });
    expectEqual(own.value, theirs.kidOfAll.value);
  });

  it('finds the kernel distance of other subsets within three standard errors', async () => {
    const own = await score('kid', 'largeReal', 'largeFake', { subsets: 50, subsetSize: 500 });
    const error = Math.sqrt(2 / 50) * theirs.kid.deviation;
    expect(Math.abs(own.value - theirs.kid.value)).toBeLessThan(3 * error);
    expect(Number(own.details.deviation) / theirs.kid.deviation).toBeGreaterThan(0.7);
    expect(Number(own.details.deviation) / theirs.kid.deviation).toBeLessThan(1.4);
  });

  it("finds Monge's distance along the same directions", async () => {
    expectEqual((await score('mind', 'largeReal', 'largeFake')).value, theirs.mind);
  });
});

describe('as prdc', () => {
  it.each(['precision', 'recall', 'density', 'coverage'] as const)('finds %s', async (metric) => {
    expectEqual((await score(metric, 'real', 'fake', { k: 3 })).value, theirs.neighbours3[metric]);
    expectEqual((await score(metric, 'real', 'fake', { k: 5 })).value, theirs.neighbours5[metric]);
  });
});

describe('as SciPy and scikit-learn', () => {
  it('finds the sliced distance along the same directions', async () => {
    expectEqual((await score('swd', 'largeReal', 'largeFake')).value, theirs.swd);
  });

  it('finds the transport of unequal numbers on a line', async () => {
    const firstOf = ({ array: { shape, values }, ...rest }: Samples): Samples => ({
      ...rest,
      array: { shape: [shape[0] ?? 0], values: values.filter((_, at) => at % (shape[1] ?? 1) === 0) },
    });
    const [real, fake] = [firstOf(await read('real')), firstOf(await read('fake'))];
    expectEqual(scoreOf('swd', real, fake, USUAL).value, theirs.transport);
  });

  it('finds the classification accuracies', async () => {
    const { value, details } = await score('cas', 'real', 'fake');
    expect(theirs.cas.trainedOnFake).toBeLessThan(0.95);
    expectEqual(value, theirs.cas.trainedOnFake);
    expectEqual(Number(details.trainedOnReal), theirs.cas.trainedOnReal);
  });

  it('finds how near to the training set samples are, and that some are copies', async () => {
    const heldOut = await read('heldOut');
    for (const [index, fake] of ['fake', 'copies'].entries()) {
      expectEqual(
        (await score('memorisation', 'real', fake, { heldOut })).value,
        theirs.memorisation[index]?.ratio ?? 0,
      );
      expectEqual((await score('copying', 'real', fake, { heldOut })).value, theirs.memorisation[index]?.z ?? 0);
    }
    expect(theirs.memorisation.map(({ z }) => z < -3)).toEqual([false, true]);
  });

  it('builds the pyramid of images', async () => {
    const { shape, values } = await readArray(path('images'));
    const [count = 0, height = 0, width = 0, channels = 0] = shape;
    const images: Images = { count, height, width, channels, values: Float32Array.from(values) };
    for (const [index, level] of laplacianPyramid(images).entries()) {
      const reference = theirs.pyramid[index] ?? [];
      expect(level.values).toHaveLength(reference.length);
      expect(Math.max(...level.values.map((value, at) => Math.abs(value - (reference[at] ?? 0))))).toBeLessThan(1e-3);
    }
  });
});

describe('a file that NumPy saved', () => {
  const ways = ['1', '2', '3'].flatMap((version) =>
    ['C', 'F'].flatMap((order) =>
      ['f4-0', 'f4-1', 'f8-0', 'f8-1', 'u1-2'].map((type) => [version, order, type] as const),
    ),
  );
  it.each(ways)('of version %s in %s order of type %s is read as it was', async (version, order, type) => {
    const { shape, values } = await readArray(path(`saved-${version}-${order}-${type}`));
    expect(shape).toEqual([2, 3, 4]);
    expect(values).toBeInstanceOf(type === 'u1-2' ? Uint8Array : Float64Array);
    expect([...values]).toEqual(Array.from({ length: 24 }, (_, n) => n));
  });
});
