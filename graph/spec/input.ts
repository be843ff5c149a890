/** What a user may say about a training: the spec with every part optional; knows no defaults. */
import type { LossSpec, Precision, RegularizerSpec, ScheduleSpec } from './spec.ts';

export interface AdamInput {
  readonly learningRate?: number | null;
  readonly beta1?: number | null;
  readonly beta2?: number | null;
  readonly epsilon?: number | null;
}

export interface LimitsInput {
  readonly maxRuntime?: number | null;
  readonly maxCostUsd?: number | null;
  readonly maxQueueTime?: number | null;
}

export interface TrainingInput {
  readonly preset?: string | null;
  readonly dataset: string;
  readonly startFrom?: { readonly checkpoint: string } | null;
  readonly name?: string | null;
  readonly seed?: number | null;
  readonly kimg?: number | null;
  readonly batchSize?: number | null;
  readonly microBatches?: number | null;
  readonly reuseFakes?: boolean | null;
  readonly model?: {
    readonly latentSize?: number | null;
    readonly generatorChannels?: readonly number[] | null;
    readonly discriminatorChannels?: readonly number[] | null;
    readonly kernelSize?: number | null;
    readonly generatorWidths?: readonly number[] | null;
    readonly discriminatorWidths?: readonly number[] | null;
    readonly dropout?: number | null;
    readonly capacity?: number | null;
    readonly conditional?: boolean | null;
  } | null;
  readonly loss?: { readonly kind?: LossSpec['kind'] | null; readonly realTarget?: number | null } | null;
  readonly regularizer?: {
    readonly kind?: RegularizerSpec['kind'] | null;
    readonly gamma?: number | null;
    readonly fraction?: number | null;
  } | null;
  readonly ema?: { readonly halfLifeKimg?: number | null; readonly rampUp?: number | null } | null;
  readonly schedule?: {
    readonly kind?: ScheduleSpec['kind'] | null;
    readonly at?: number | null;
    readonly learningRate?: number | null;
    readonly beta2?: number | null;
    readonly gamma?: number | null;
  } | null;
  readonly optimizers?: {
    readonly generator?: AdamInput | null;
    readonly discriminator?: AdamInput | null;
  } | null;
  readonly snapshots?: {
    readonly tickSteps?: number | null;
    readonly sampleSteps?: number | null;
    readonly checkpointSteps?: number | null;
    readonly sampleSeconds?: number | null;
    readonly checkpointSeconds?: number | null;
    readonly columns?: number | null;
    readonly rows?: number | null;
  } | null;
  readonly resources?: {
    readonly threads?: number | null;
    readonly memoryMb?: number | null;
    readonly instanceType?: string | null;
    readonly spot?: boolean | null;
    readonly precision?: Precision | null;
  } | null;
  readonly limits?: LimitsInput | null;
}
