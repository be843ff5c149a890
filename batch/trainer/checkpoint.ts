/** A checkpoint as files: all program state and the host's, sealed by a manifest; knows no storage beyond the disk. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../graph/storage/json.ts';
import type { TensorValue } from '../engine/session.ts';
import { type CheckpointManifest, WORK } from '../protocol.ts';
import { TrainerFailure } from './failure.ts';
import { formatHostState, type HostState, parseHostState } from './host-state.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { writeBlob } from './write-blob.ts';

/** Everything a training continues from, bit for bit. */
export interface Checkpoint {
  readonly host: HostState;
  readonly state: ReadonlyMap<string, TensorValue>;
}

const STATE = 'state.safetensors';
const HOST = 'host.json';
const MANIFEST = 'manifest.json';

/** Writes a checkpoint into a new folder, whole or not at all, and returns its manifest. */
export async function writeCheckpoint(
  folder: string,
  { host, state }: Checkpoint,
  origin: Pick<CheckpointManifest, 'runId' | 'attempt' | 'specSha256' | 'numerics'>,
): Promise<CheckpointManifest> {
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const blobs = [
    await writeBlob(part, STATE, encodeSafetensors(state)),
    await writeBlob(part, HOST, [Buffer.from(formatHostState(host))]),
  ];
  const manifest: CheckpointManifest = { v: 1, ...origin, step: host.step, kimg: host.images / 1000, blobs };
  await writeFile(join(part, MANIFEST), JSON.stringify(manifest));
  // An earlier start in the same work folder may have left one.
  await rm(folder, { recursive: true, force: true });
  await rename(part, folder);
  return manifest;
}

/**
 * Reads the blobs of a checkpoint and proves that they are those its manifest names.
 *
 * @throws TrainerFailure where a blob is missing or damaged.
 */
export async function readCheckpoint(folder: string, manifest: CheckpointManifest): Promise<Checkpoint> {
  const read = async (name: string): Promise<Buffer> => {
    const bytes = await readFile(join(folder, name));
    const expected = manifest.blobs.find((blob) => blob.name === name)?.sha256;
    if (sha256(bytes) === expected) return bytes;
    throw new TrainerFailure('TRAINER_BUG', `The blob ${name} of the checkpoint at step ${manifest.step} is damaged.`);
  };
  const host = parseHostState((await read(HOST)).toString('utf8'));
  return { host, state: decodeSafetensors(await read(STATE)) };
}

/** Reads the checkpoint of another run that a work folder was given, and its manifest. @throws as {@link readCheckpoint} */
export async function readSource(workFolder: string): Promise<Checkpoint & { readonly manifest: CheckpointManifest }> {
  const folder = join(workFolder, WORK.source);
  const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as CheckpointManifest;
  return { ...(await readCheckpoint(folder, manifest)), manifest };
}
