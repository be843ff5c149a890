/** The object store on plain files, for machines without an S3 server; safe among the processes of one machine, not across machines. */
import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ObjectStore, type ObjectSummary, StorageError, type WriteOptions } from '../../graph/storage/ports.ts';
import { withLock } from '../process/with-lock.ts';
import { codeOf } from './error-code.ts';
import { type Listed, walk } from './file-listing.ts';
import { namesOf } from './file-names.ts';
import { etagOf, readObject, readSummary, writeObject } from './file-object.ts';
import { byteOrder, checkedKey } from './object-keys.ts';

/** Temporary files older than this belong to processes that died, in milliseconds. */
const ABANDONED_AFTER_MS = 3_600_000;
/** Footers read at once while listing. */
const LIST_CONCURRENCY = 32;
/**
 * How often a folder may vanish under a write (another process removed its last object) before that is called an
 * error.
 */
const PLACE_TRIES = 100;

function storageError(error: unknown, folder: string, signal: AbortSignal | undefined): StorageError {
  if (error instanceof StorageError) return error;
  const cause = { cause: error };
  if (signal?.aborted) return new StorageError('ABORTED', 'The storage request was aborted.', cause);
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new StorageError('FULL', `The disk of ${folder} is full. Free some space and try again.`, cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTSUP':
    case 'EXDEV':
      return new StorageError(
        'REFUSED',
        `${folder} must be a writable folder on a disk with hard links: ${error}`,
        cause,
      );
    default:
      return new StorageError('UNREACHABLE', `${folder} cannot be read or written: ${error}`, cause);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  // Not every system lets a folder be opened or synced; the file itself has reached the disk by then.
  await folder?.sync().catch(() => {});
  await folder?.close();
}

/** Calls `work` for one key after the other; different keys do not wait for each other. */
function turnstile(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}

/**
 * Opens a folder as an {@link ObjectStore}, making it where there is none. Nothing is touched until the first call.
 *
 * A file appears under its name only when its bytes are on the disk. `create` is a hard link, which fails where the
 * name is taken; whatever reads before it writes does so under a lock that the death of its holder releases. Process
 * ids tell who is dead, so all processes must see each other's.
 *
 * @throws StorageError from every method: `FULL`, `REFUSED`, `UNREACHABLE`, or `ABORTED`.
 */
export function openFileStore(folder: string): ObjectStore {
  const objects = join(folder, 'objects');
  const scratch = join(folder, 'scratch');
  const locks = join(folder, 'locks');
  const inTurn = turnstile();
  let prepared: Promise<void> | undefined;

  async function prepare(): Promise<void> {
    for (const path of [objects, scratch, locks]) await mkdir(path, { recursive: true });
    for (const name of await readdir(scratch)) {
      const path = join(scratch, name);
      const file = await stat(path).catch(() => null);
      if (file && Date.now() - file.mtimeMs > ABANDONED_AFTER_MS) await unlink(path).catch(() => {});
    }
  }

  async function guarded<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted();
      prepared ??= prepare();
      await prepared.catch((error: unknown) => {
        prepared = undefined;
        throw error;
      });
      return await work();
    } catch (error) {
      throw storageError(error, folder, signal);
    }
  }

  const pathOf = (key: string): string => join(objects, ...namesOf(byteOrder(checkedKey(key))));

  function locked<T>(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const name = createHash('sha256').update(key).digest('hex').slice(0, 40);
    return inTurn(name, () => withLock(join(locks, name), { scratch, signal }, work));
  }

  /** Gives a finished file its name by `move`. */
  async function place(path: string, move: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await mkdir(dirname(path), { recursive: true });
        await move();
        return await syncFolder(dirname(path));
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || tries >= PLACE_TRIES) throw error;
      }
    }
  }

  /** Writes a temporary file, hands it to `use`, and clears it away where it is still there. */
  async function withDraft<T>(
    body: Uint8Array,
    signal: AbortSignal | undefined,
    use: (draft: string, etag: string) => Promise<T>,
  ): Promise<T> {
    const draft = join(scratch, randomUUID());
    const etag = etagOf(body);
    try {
      await writeObject(draft, body, etag, signal);
      return await use(draft, etag);
    } finally {
      await unlink(draft).catch(() => {});
    }
  }

  async function pruneAbove(path: string): Promise<void> {
    for (let above = dirname(path); above !== objects; above = dirname(above)) {
      const gone = await rmdir(above).then(
        () => true,
        () => false,
      );
      if (!gone) return;
    }
  }

  async function summaries(found: readonly Listed[]): Promise<ObjectSummary[]> {
    const read: ObjectSummary[] = [];
    for (let at = 0; at < found.length; at += LIST_CONCURRENCY) {
      const some = found.slice(at, at + LIST_CONCURRENCY).map(async ({ key, path }) => {
        const summary = await readSummary(path);
        return summary && { key: Buffer.from(key, 'latin1').toString('utf8'), ...summary };
      });
      // Null: removed since its name was read.
      for (const summary of await Promise.all(some)) if (summary) read.push(summary);
    }
    return read;
  }

  return {
    create: (key, body, { signal }: WriteOptions = {}) =>
      guarded(signal, async () => {
        const path = pathOf(key);
        // The link below decides; this look merely spares losers the writing.
        if (await readSummary(path)) return { outcome: 'taken' };
        return withDraft(body, signal, async (draft, etag) => {
          try {
            await place(path, () => link(draft, path));
            return { outcome: 'created', etag };
          } catch (error) {
            if (codeOf(error) === 'EEXIST') return { outcome: 'taken' };
            throw error;
          }
        });
      }),

    replace: (key, body, expected, { signal }: WriteOptions = {}) =>
      guarded(signal, () =>
        withDraft(body, signal, (draft, etag) =>
          locked(key, signal, async () => {
            const path = pathOf(key);
            if ((await readSummary(path))?.etag !== expected) return { outcome: 'stale' };
            await place(path, () => rename(draft, path));
            return { outcome: 'done', etag };
          }),
        ),
      ),

    put: (key, body, { signal }: WriteOptions = {}) =>
      guarded(signal, () =>
        withDraft(body, signal, (draft, etag) =>
          locked(key, signal, async () => {
            const path = pathOf(key);
            await place(path, () => rename(draft, path));
            return { etag };
          }),
        ),
      ),

    get: (key, { signal } = {}) => guarded(signal, () => readObject(pathOf(key), signal)),

    head: (key, { signal } = {}) =>
      guarded(signal, async () => {
        const summary = await readSummary(pathOf(key));
        return summary && { key, ...summary };
      }),

    list: (prefix, { startAfter = '', limit = 1000, signal } = {}) =>
      guarded(signal, async () => {
        const most = Math.min(Math.max(1, limit), 1000);
        const found: Listed[] = [];
        const range = { prefix: byteOrder(prefix), startAfter: byteOrder(startAfter) };
        for await (const entry of walk(objects, range)) {
          signal?.throwIfAborted();
          found.push(entry);
          if (found.length > most) break;
        }
        const page = found.slice(0, most);
        const last = page.at(-1);
        const next = found.length > most && last ? Buffer.from(last.key, 'latin1').toString('utf8') : null;
        return { objects: await summaries(page), next };
      }),

    remove: (key) =>
      guarded(undefined, () =>
        locked(key, undefined, async () => {
          const path = pathOf(key);
          await unlink(path).catch((error: unknown) => {
            if (codeOf(error) !== 'ENOENT') throw error;
          });
          await pruneAbove(path);
        }),
      ),
  };
}
