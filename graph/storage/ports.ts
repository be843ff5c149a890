/** The things Ganway needs from the outside world, as interfaces with their laws; knows no vendor. */

/** Options of a write. Bodies are whole objects; a reader never sees half of one. */
export interface WriteOptions {
  /** MIME type, default `application/octet-stream`. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** What became of a create-only write. `mine`: the object existed, but this very call had written it (a lost reply). */
export type CreateOutcome =
  | { readonly outcome: 'created' | 'mine'; readonly etag: string }
  | { readonly outcome: 'taken' };

/** What became of a compare-and-set. `stale`: the object has another etag by now, or is gone. */
export type ReplaceOutcome =
  | { readonly outcome: 'done' | 'mine'; readonly etag: string }
  | { readonly outcome: 'stale' };

export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

export interface ObjectSummary {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

export interface ListPage {
  /** In the byte order of their keys. */
  readonly objects: readonly ObjectSummary[];
  /** Pass as `startAfter` to go on; null at the end. */
  readonly next: string | null;
}

/**
 * Object storage, the only place where state lives.
 *
 * Laws, held by one behaviour suite over every implementation:
 * - `create` writes only where nothing is; of any number of concurrent creates of a key exactly one wins.
 * - `replace` writes only over the given etag; of concurrent replaces of one etag exactly one wins.
 * - A lost reply never turns into a lie: the writer's nonce travels with the object, and `mine` says that the earlier try had won.
 * - 409, 5xx and broken connections are retried with jitter inside; what is thrown is a {@link StorageError}.
 * - A list shows every object whose write had been acknowledged before it began.
 */
export interface ObjectStore {
  create(key: string, body: Uint8Array, options?: WriteOptions): Promise<CreateOutcome>;
  replace(key: string, body: Uint8Array, etag: string, options?: WriteOptions): Promise<ReplaceOutcome>;
  /** Unconditional write, for blobs whose key already says what they are (write twice, same bytes). */
  put(key: string, body: Uint8Array, options?: WriteOptions): Promise<{ readonly etag: string }>;
  /** Null where there is no such object. */
  get(key: string, options?: { readonly signal?: AbortSignal }): Promise<StoredObject | null>;
  head(key: string, options?: { readonly signal?: AbortSignal }): Promise<ObjectSummary | null>;
  /** One page of the keys that begin with `prefix`; `limit` defaults to 1000, which is also the most. */
  list(
    prefix: string,
    options?: { readonly startAfter?: string; readonly limit?: number; readonly signal?: AbortSignal },
  ): Promise<ListPage>;
  /** Removes the object; nothing happens where there is none. */
  remove(key: string): Promise<void>;
}

/** Thrown by an {@link ObjectStore} after its retries: the storage cannot be reached, is full, or refuses. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: 'UNREACHABLE' | 'REFUSED' | 'FULL' | 'ABORTED';
  constructor(code: StorageError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A link that its holder may use without further credentials, until it expires. */
export interface SignedUrl {
  readonly url: string;
  readonly expiresAt: Date;
}

export interface SignedUpload extends SignedUrl {
  /** Headers that the PUT must carry, exactly. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** Makes links to objects. `origin` is the scheme and host the client itself used, e.g. `http://127.0.0.1:4000`. */
export interface UrlSigner {
  /** Rounded to the hour, so that a client's cache works. */
  read(key: string, origin: string): Promise<SignedUrl>;
  write(
    key: string,
    upload: { readonly bytes: number; readonly sha256: string },
    origin: string,
  ): Promise<SignedUpload>;
}

export type JobStatus = 'SUBMITTED' | 'PENDING' | 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';

export interface JobRequest {
  /** `<runId>-<launch>`: the name by which a lost submission is found again. */
  readonly name: string;
  /** Small tasks do not wait behind trainings. */
  readonly queue: 'training' | 'tasks';
  /** The machine to rent, by the id of its size; absent: what the queue has. */
  readonly machine?: { readonly size: string; readonly spot: boolean };
  readonly environment: Readonly<Record<string, string>>;
  /** Container starts allowed in all, 1 to 10. */
  readonly attempts: number;
  /** Wall-clock limit of one attempt in seconds, at least 60. */
  readonly timeoutSeconds?: number;
}

export interface JobAttempt {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly statusReason?: string;
  readonly startedAt?: Date;
  readonly stoppedAt?: Date;
}

export interface QueuedJob {
  readonly id: string;
  readonly name: string;
  readonly status: JobStatus;
  readonly statusReason?: string;
  readonly createdAt?: Date;
  readonly startedAt?: Date;
  readonly stoppedAt?: Date;
  readonly attempts: readonly JobAttempt[];
}

/** Where runs wait for a GPU: an AWS Batch job queue or the local one. */
export interface JobQueue {
  /** One SubmitJob, never retried here: Batch has no client token, so a blind retry could start a job twice. */
  submit(request: JobRequest): Promise<{ readonly jobId: string }>;
  /** Jobs the queue still knows, in no particular order; forgotten ones are left out. */
  describe(jobIds: readonly string[]): Promise<readonly QueuedJob[]>;
  /** Every job of that exact name, whatever its status, oldest first. */
  findByName(name: string): Promise<readonly QueuedJob[]>;
  /** Ends a job in any state; a job that has ended stays as it is. */
  terminate(jobId: string, reason: string): Promise<void>;
}

/** The server side of WebSocket connections. */
export interface Sockets {
  /** `gone`: the client left and will not come back under this id. `failed`: try later. Never throws. */
  send(connectionId: string, message: string): Promise<'sent' | 'gone' | 'failed'>;
}

/** What opens a part of the storage for a while. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Gives out temporary credentials of the storage. */
export interface CredentialIssuer {
  /**
   * Credentials that can do no more than a policy says.
   *
   * @param request `name` stands in the storage's audit log: at most 64 letters, digits and hyphens; `policy`: a JSON document of IAM
   * @throws Error where none can be had
   */
  issue(request: { readonly name: string; readonly policy: string; readonly seconds: number }): Promise<Credentials>;
}
