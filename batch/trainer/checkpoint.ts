/** A checkpoint as files: all program state and the host's, sealed by a manifest; knows no storage beyond the disk. */
import { createHash, type Hash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../graph/storage/json.ts';
import type { TensorValue } from '../engine/session.ts';
import type { CheckpointManifest } from '../protocol.ts';
import { TrainerFailure } from './failure.ts';
import { formatHostState, type HostState, parseHostState } from './host-state.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/** Everything a training continues from, bit for bit. */
export interface Checkpoint {
  readonly host: HostState;
  readonly state: ReadonlyMap<string, TensorValue>;
}

const STATE = 'state.safetensors';
const HOST = 'host.json';
export const MANIFEST = 'manifest.json';

/** Bytes hashed and written between two looks at the event loop. */
const CHUNK = 8 * 1024 * 1024;

type Blob = CheckpointManifest['blobs'][number];

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

async function writeBlob(folder: string, name: string, parts: readonly Uint8Array[]): Promise<Blob> {
  const hash = createHash('sha256');
  const file = await open(join(folder, name), 'w');
  try {
    let bytes = 0;
    for (const part of parts) {
      for (let begin = 0; begin < part.byteLength; begin += CHUNK) {
        bytes += await writeChunk(file, hash, part.subarray(begin, begin + CHUNK));
      }
    }
    return { name, bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

async function writeChunk(file: Awaited<ReturnType<typeof open>>, hash: Hash, chunk: Uint8Array): Promise<number> {
  hash.update(chunk);
  for (let offset = 0; offset < chunk.byteLength; ) {
    const { bytesWritten } = await file.write(chunk, offset);
    offset += bytesWritten;
  }
  return chunk.byteLength;
}
