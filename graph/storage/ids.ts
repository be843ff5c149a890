/** Ids of things inside a run, which `node(id)` finds again; opaque to clients. Run ids are in keys.ts. */
import { RUN_ID } from './keys.ts';

/** What an id names. */
export type NodeRef =
  | { readonly kind: 'run'; readonly runId: string }
  | {
      readonly kind: 'sample';
      readonly runId: string;
      readonly step: number;
      readonly attempt: number;
      readonly set: string;
    }
  | { readonly kind: 'checkpoint'; readonly runId: string; readonly step: number; readonly attempt: number }
  /** A project's or a data set's own id. */
  | { readonly kind: 'name'; readonly name: string };

export function sampleId(runId: string, sample: { step: number; attempt: number; set: string }): string {
  return `${runId}~sample~${sample.step}~${sample.attempt}~${encodeURIComponent(sample.set).replaceAll('~', '%7E')}`;
}

export function checkpointId(runId: string, checkpoint: { step: number; attempt: number }): string {
  return `${runId}~checkpoint~${checkpoint.step}~${checkpoint.attempt}`;
}

/** Reads an id; null where no id looks like that. What it names may or may not exist. */
export function parseNodeId(id: string): NodeRef | null {
  if (RUN_ID.test(id)) return { kind: 'run', runId: id };
  const [owner = '', kind, ...rest] = id.split('~');
  if (kind === undefined) return /^[a-z0-9][a-z0-9-]{0,80}$/.test(id) ? { kind: 'name', name: id } : null;
  const [step, attempt, set] = rest;
  if (!RUN_ID.test(owner) || !isCount(step) || !isCount(attempt)) return null;
  const place = { runId: owner, step: Number(step), attempt: Number(attempt) };
  if (kind === 'checkpoint' && rest.length === 2) return { kind, ...place };
  if (kind !== 'sample' || set === undefined || rest.length !== 3) return null;
  const name = decode(set);
  return name === null ? null : { kind, ...place, set: name };
}

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,15}$/.test(text);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
