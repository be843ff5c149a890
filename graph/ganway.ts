/** Everything the domain may touch, gathered once by a composition root; the domain itself has no clock, no randomness and no environment. */
import type { Money } from './money/machine.ts';
import type { TrainSpec } from './spec/spec.ts';
import type { TensorType } from './spec/tensors.ts';
import type { JobQueue, ObjectStore, UrlSigner } from './storage/ports.ts';

export interface Ganway {
  readonly store: ObjectStore;
  readonly queue: JobQueue;
  readonly signer: UrlSigner;
  readonly now: () => Date;
  /** Cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** Peak memory in MiB that a trainer of this spec needs; null where it cannot be said. */
  readonly memoryMb: (spec: TrainSpec) => number | null;
  /** Floating-point operations of one step of this spec; null where it cannot be said. */
  readonly stepFlops: (spec: TrainSpec) => number | null;
  /** What a training of this spec has learned whenever it is looked at: the tensors that another may start from. */
  readonly learned: (spec: TrainSpec) => readonly TensorType[];
  /** Why a training of this spec cannot compute its batch in the parts that the spec says, in a sentence; null where it can. */
  readonly whyWholeBatch: (spec: TrainSpec) => string | null;
  readonly settings: Settings;
}

export interface Settings {
  /** Version of Ganway, as in package.json. */
  readonly version: string;
  /** Where built-in data sets and the automatic user live. */
  readonly defaultProject: string;
  /** What one slot of the queue offers a run. */
  readonly slot: { readonly threads: number; readonly gpus: number; readonly memoryMb: number };
  /** Environment that every job is given on top of its run's own (endpoint of the storage and the like). */
  readonly jobEnvironment: Readonly<Record<string, string>>;
  /** Signs the tokens by which jobs get credentials; left out where jobs have credentials of their own. */
  readonly launchSecret?: Uint8Array;
  /** Runs that may be open at once in a project. */
  readonly maxOpenRuns: number;
  /** What there is to rent, and what it costs. */
  readonly money: Money;
}

/** What somebody may do in a project: look; also launch, stop, change and delete; everything. */
export type Role = 'VIEWER' | 'RUNNER' | 'ADMIN';

/** Who asks. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly projects: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
  /** When the proof of who they are ends, and with it what they watch; absent where it does not end. */
  readonly expiresAt?: Date;
}
