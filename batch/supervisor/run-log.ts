/** The log of an attempt: every line its container prints, uploaded in chunks; what cannot be uploaded yet is kept. */
import { keys } from '../../graph/storage/keys.ts';
import { type ObjectStore, StorageError } from '../../graph/storage/ports.ts';

export interface RunLog {
  line(text: string): void;
  /** Uploads the rest, if the storage answers. */
  close(): Promise<void>;
}

/** Every upload costs the training beside it; what is urgent in a log is in the journal too. */
const UPLOAD_EVERY_MS = 3000;
/** What is kept while the storage is down; the oldest lines beyond it are dropped, and counted. */
const KEPT_LINES = 50_000;

/** Logs one attempt: chunk after chunk, numbered from 1. */
export function openRunLog(store: ObjectStore, runId: string, attempt: number): RunLog {
  let lines: { readonly at: string; readonly text: string }[] = [];
  let dropped = 0;
  let chunk = 1;
  let uploading: Promise<void> | null = null;

  const upload = async (): Promise<void> => {
    const batch = lines;
    if (batch.length === 0) return;
    lines = [];
    const note = dropped > 0 ? [{ at: batch[0]?.at ?? '', text: `(${dropped} earlier lines were dropped)` }] : [];
    const body = [...note, ...batch].map((line) => `${JSON.stringify(line)}\n`).join('');
    try {
      await store.put(keys.logChunk(runId, attempt, chunk), Buffer.from(body), { contentType: 'application/x-ndjson' });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      lines = [...batch, ...lines];
      return;
    }
    chunk++;
    dropped = 0;
  };
  const uploadInTurn = (): Promise<void> => {
    uploading ??= upload().finally(() => {
      uploading = null;
    });
    return uploading;
  };
  const timer = setInterval(uploadInTurn, UPLOAD_EVERY_MS);

  return {
    line: (text) => {
      lines.push({ at: new Date().toISOString(), text });
      if (lines.length > KEPT_LINES) dropped += lines.splice(0, lines.length - KEPT_LINES).length;
    },
    close: async () => {
      clearInterval(timer);
      await uploading;
      await upload();
    },
  };
}
