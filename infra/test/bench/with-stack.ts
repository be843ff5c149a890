/** A whole stack for a benchmark, started as a person does, and its storage; knows no figure. */
import { setTimeout } from 'node:timers/promises';
import type { ObjectStore } from '../../../graph/storage/ports.ts';
import { openStore } from '../../clients/open-store.ts';
import type { StorageAccess } from '../../local/storage.ts';
import { removeHomes, type Stack, type StackOptions, startStack } from '../stack.ts';

export interface Bench {
  readonly stack: Stack;
  /** The stack's storage, through a client of this process. */
  readonly store: ObjectStore;
}

/** Runs something against a fresh stack that is ready and idle, and ends the stack in any case. */
export async function withStack<T>(
  datasets: readonly string[],
  use: (bench: Bench) => Promise<T>,
  options: StackOptions = {},
): Promise<T> {
  const stack = await startStack(options);
  try {
    await until(() => hasDatasets(stack, datasets), 'the demo data sets', 300_000);
    return await use({ stack, store: openStore(environmentOf(stack.ready.storage as StorageAccess)) });
  } finally {
    await stack.stop();
    removeHomes();
  }
}

/** Resolves when no job is left: a container outlives the end of its run by a moment, and keeps its slot so long. */
export function untilIdle({ stack }: Bench): Promise<void> {
  return until(() => stack.pidsOf('batch/main').length === 0, 'the end of the last job', 60_000);
}

/** Looks ten times a second. Throws where it takes longer than `limitMs`. */
export async function until(passes: () => boolean | Promise<boolean>, what: string, limitMs: number): Promise<void> {
  const from = performance.now();
  while (!(await passes())) {
    if (performance.now() - from > limitMs) throw new Error(`Waited ${limitMs / 1000} s for ${what} in vain.`);
    await setTimeout(100);
  }
}

async function hasDatasets(stack: Stack, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) {
    const query = 'query ($id: ID!) { dataset(id: $id) { id } }';
    const { dataset } = await stack.graphql<{ dataset: object | null }>(query, { id });
    if (dataset === null) return false;
  }
  return true;
}

function environmentOf(access: StorageAccess): Record<string, string> {
  if (access.folder !== null && access.folder !== undefined) return { GANWAY_EMBEDDED_STORE: access.folder };
  const given = {
    GANWAY_S3_ENDPOINT: access.endpoint,
    GANWAY_S3_BUCKET: access.bucket,
    GANWAY_S3_REGION: access.region,
    GANWAY_S3_ACCESS_KEY_ID: access.accessKeyId,
    GANWAY_S3_SECRET_ACCESS_KEY: access.secretAccessKey,
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
