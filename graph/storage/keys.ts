/** Every object key in the bucket, in one table; knows how keys are spelt, not what is in the objects. */

/** Journal positions are fixed width, so that a plain list is in order. */
const pad = (value: number, width: number): string => String(value).padStart(width, '0');

const project = (projectId: string): string => `projects/${projectId}/`;
const run = (runId: string): string => `${project(projectOfRun(runId))}runs/${runId}/`;

/** The project a run belongs to: everything before the last hyphen of its id. */
export function projectOfRun(runId: string): string {
  return runId.slice(0, Math.max(0, runId.lastIndexOf('-')));
}

/** Shape of every project's id; a hyphen would end it within the ids that begin with it. */
export const PROJECT_ID = /^[a-z][a-z0-9]{0,31}$/;

/** Shape of every run id, `<project>-<inverted time><random>`; anything else is answered with "no such run". */
export const RUN_ID = /^[a-z][a-z0-9]{0,31}-[0-9a-z]{18}$/;

export const keys = {
  /** Create-only record of the intent behind an idempotency key. */
  launchIntent: (projectId: string, hash: string): string => `${project(projectId)}launches/${hash}`,
  runs: (projectId: string): string => `${project(projectId)}runs/`,
  run,
  spec: (runId: string): string => `${run(runId)}spec.json`,
  /** Create-only claim of submission k. */
  launch: (runId: string, launch: number): string => `${keys.launches(runId)}${launch}.json`,
  /** Claims of all submissions. */
  launches: (runId: string): string => `${run(runId)}launch/`,
  journal: (runId: string): string => `${run(runId)}journal/`,
  segment: (runId: string, position: number): string => `${run(runId)}journal/${pad(position, 10)}.ndjson`,
  /** The position a segment's key names, or null where the key is no segment. */
  positionOf: (key: string): number | null => {
    const match = /\/journal\/(\d{10})\.ndjson$/.exec(key);
    return match ? Number(match[1]) : null;
  },
  /** The run whose journal a segment's key is part of, or null where the key is no segment. */
  runOfSegment: (key: string): string | null =>
    /^projects\/[^/]+\/runs\/([^/]+)\/journal\/\d{10}\.ndjson$/.exec(key)?.[1] ?? null,
  head: (runId: string): string => `${run(runId)}head.json`,
  checkpoint: (runId: string, step: number, attempt: number): string =>
    `${run(runId)}checkpoints/${pad(step, 9)}-${attempt}/`,
  sample: (runId: string, step: number, attempt: number, set: string): string =>
    `${run(runId)}samples/${pad(step, 9)}-${attempt}/${set}.png`,
  /** A file that a task has made; attempts never write over each other's. */
  file: (runId: string, attempt: number, name: string): string => `${run(runId)}files/${pad(attempt, 4)}/${name}`,
  /** The run whose sheet or file a key is, or null where it is neither. */
  runOfResult: (key: string): string | null => {
    const [, project, runId] = /^projects\/([^/]+)\/runs\/([^/]+)\/(?:samples|files)\/[^/]/.exec(key) ?? [];
    return runId !== undefined && RUN_ID.test(runId) && projectOfRun(runId) === project ? runId : null;
  },
  log: (runId: string, attempt: number): string => `${run(runId)}log/${pad(attempt, 4)}/`,
  logChunk: (runId: string, attempt: number, chunk: number): string =>
    `${run(runId)}log/${pad(attempt, 4)}/${pad(chunk, 8)}.ndjson`,
  /** Empty marker of every run there is; ids sort newest first, so a list of it is the list of runs. */
  index: (runId: string): string => `${project(projectOfRun(runId))}index/${runId}`,
  indexOfRuns: (projectId: string): string => `${project(projectId)}index/`,
  /** All that is left of a swept run: its id, and with it its idempotency key, is not used again. */
  deleted: (runId: string): string => `${run(runId)}deleted`,
  /** Empty marker of a run that is hidden and waits to be swept. */
  tombstone: (runId: string): string => `${project(projectOfRun(runId))}tombstones/${runId}`,
  tombstones: (projectId: string): string => `${project(projectId)}tombstones/`,
  /** Marker while the phase can still change; at first it names the intent behind the run. */
  open: (runId: string): string => `${project(projectOfRun(runId))}open/${runId}`,
  openRuns: (projectId: string): string => `${project(projectId)}open/`,
  /** How far a round through a list of markers has come. */
  turn: (projectId: string, list: 'open' | 'tombstones'): string => `${project(projectId)}turns/${list}.json`,
  /** How fast trainings of one kind were: a few newest measurements. */
  measured: (projectId: string, hash: string): string => `${project(projectId)}measured/${hash}.json`,
  uploads: (projectId: string): string => `${project(projectId)}uploads/`,
  upload: (projectId: string, uploadId: string): string => `${keys.uploads(projectId)}${uploadId}/file`,
  uploadRecord: (projectId: string, uploadId: string): string => `${keys.uploads(projectId)}${uploadId}/upload.json`,
  /** Built-in data sets are shared by all projects; their ids have no hyphen. */
  dataset: (datasetId: string): string =>
    datasetId.includes('-')
      ? `${project(datasetId.slice(0, datasetId.indexOf('-')))}datasets/${datasetId}/`
      : `shared/datasets/${datasetId}/`,
  datasetManifest: (datasetId: string): string => `${keys.dataset(datasetId)}manifest.json`,
  datasets: (projectId: string): string => `${project(projectId)}datasets/`,
  sharedDatasets: 'shared/datasets/',
  /** Who may come in; nothing below `auth/` is ever linked to. */
  apiKey: (projectId: string, keyId: string): string => `auth/keys/${projectId}/${keyId}.json`,
  apiKeys: (projectId: string): string => `auth/keys/${projectId}/`,
  person: (hash: string): string => `auth/people/${hash}.json`,
  /** Tickets and the marks of their use are litter after a minute. */
  ticket: (hash: string): string => `auth/tickets/${hash}.json`,
  ticketUse: (hash: string): string => `auth/tickets/${hash}.used`,
  /** Live subscriptions: one lease a run, one object an operation. */
  allLive: 'live/',
  /** The run that a key below `allLive` is about. */
  runOfLive: (key: string): string | null => /^live\/([^/]+)\//.exec(key)?.[1] ?? null,
  live: (runId: string): string => `live/${runId}/`,
  lease: (runId: string): string => `live/${runId}/lease.json`,
  subscription: (runId: string, connectionId: string, operationId: string): string =>
    `live/${runId}/subscriptions/${encodeURIComponent(connectionId)}~${encodeURIComponent(operationId)}.json`,
  subscriptions: (runId: string): string => `live/${runId}/subscriptions/`,
  allConnections: 'connections/',
  connection: (connectionId: string): string => `connections/${encodeURIComponent(connectionId)}/connection.json`,
  connectionOperation: (connectionId: string, operationId: string): string =>
    `connections/${encodeURIComponent(connectionId)}/operations/${encodeURIComponent(operationId)}.json`,
  /** The operation that a key below a connection names, or null where it names none. */
  operationOf: (key: string): string | null => {
    const name = /^connections\/[^/]+\/operations\/(.+)\.json$/.exec(key)?.[1];
    return name === undefined ? null : decodeURIComponent(name);
  },
  connectionPrefix: (connectionId: string): string => `connections/${encodeURIComponent(connectionId)}/`,
} as const;
