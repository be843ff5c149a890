/** `ganway dataset add|list`: pictures in, a data set out, and a list of what was left out and why. */
import { openAsBlob } from 'node:fs';
import { basename, resolve } from 'node:path';
import { CreateUploadDocument, DatasetsDocument, ImportedDatasetDocument } from '../operations.gen.ts';
import type { Transport } from '../transport.ts';
import { CommandError, EXIT, refusal } from './exit.ts';
import { type Pack, pack } from './pack.ts';
import { pages } from './pages.ts';
import { launchTask, untilSucceeded } from './task.ts';
import { bytesText, type Terminal, table } from './terminal.ts';

export interface AddOptions {
  readonly paths: readonly string[];
  readonly name?: string | undefined;
  /** Width and height of the images made, pixels. */
  readonly size: number;
}

export async function addDataset(
  transport: Transport,
  terminal: Terminal,
  { paths, name, size }: AddOptions,
): Promise<number> {
  const uploads = [];
  for (const path of paths) uploads.push(await upload(transport, terminal, path));
  const importDataset = { uploads, name: name ?? basename(resolve(paths[0] ?? 'images')), size };
  const run = await launchTask(transport, { importDataset });
  terminal.note(`importing as run ${run.id}`);
  await untilSucceeded(transport, terminal, run);
  return showDataset(transport, terminal, (JSON.parse(run.specJson) as { dataset: { id: string } }).dataset.id);
}

async function showDataset(transport: Transport, terminal: Terminal, id: string): Promise<number> {
  const { dataset } = await transport.request(ImportedDatasetDocument, { id });
  if (!dataset) throw new CommandError(EXIT.failed, `The data set "${id}" is not there although its import succeeded.`);
  if (terminal.json) {
    terminal.value(dataset);
    return EXIT.ok;
  }
  const classes = dataset.classes.length > 0 ? `, ${dataset.classes.length} classes` : '';
  const colour = dataset.channels === 1 ? 'grayscale' : 'colour';
  terminal.print(dataset.id);
  terminal.note(`${dataset.images} images of ${dataset.width}×${dataset.height}, ${colour}${classes}`);
  for (const { name, reason } of dataset.skipped) terminal.note(`left out ${name}: ${reason}`);
  const unnamed = dataset.skippedTotal - dataset.skipped.length;
  if (unnamed > 0) terminal.note(`and ${unnamed} more`);
  return EXIT.ok;
}

async function upload(transport: Transport, terminal: Terminal, path: string): Promise<string> {
  const packed = await packOrExplain(path);
  try {
    const { name, bytes, sha256, leftOut } = packed;
    for (const file of leftOut) terminal.note(`left out ${file.name}: ${file.reason}`);
    const { createUpload: result } = await transport.request(CreateUploadDocument, { input: { name, bytes, sha256 } });
    if (result.__typename !== 'Upload') throw refusal(result);
    terminal.note(`uploading ${name}, ${bytesText(bytes)}`);
    const headers = Object.fromEntries(result.headers.map((header) => [header.name, header.value]));
    const response = await fetch(result.url, { method: 'PUT', headers, body: await openAsBlob(packed.file) });
    if (!response.ok) {
      throw new CommandError(EXIT.failed, `The upload was answered with ${response.status}: ${await response.text()}`);
    }
    return result.id;
  } finally {
    await packed.dispose();
  }
}

async function packOrExplain(path: string): Promise<Pack> {
  try {
    return await pack(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CommandError(EXIT.notFound, `There is no file or folder ${path}.`, { cause });
    throw new CommandError(EXIT.usage, `${path} cannot be read: ${message}`, { cause });
  }
}

export async function listDatasets(transport: Transport, terminal: Terminal): Promise<number> {
  const nodes = [];
  const list = pages(async (after) => (await transport.request(DatasetsDocument, { first: 100, after })).datasets);
  for await (const node of list) nodes.push(node);
  if (terminal.json) {
    for (const node of nodes) terminal.value(node);
    return EXIT.ok;
  }
  const rows = nodes.map((set) => [
    set.id,
    set.images,
    `${set.width}×${set.height}×${set.channels}`,
    set.classes.length,
    bytesText(set.bytes),
    set.name,
  ]);
  terminal.print(table(['DATA SET', 'IMAGES', 'SIZE', 'CLASSES', 'BYTES', 'NAME'], rows));
  return EXIT.ok;
}
