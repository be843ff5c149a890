/** The two players as a training program sees them; knows no layer. */
import type { State, Tensor } from '../engine/program/index.ts';
import type { Sight } from '../losses/judgement.ts';
import type { Normalisation, Values } from './layers/index.ts';

/** `[height, width, channels]`. */
export type ImageShape = readonly [height: number, width: number, channels: number];

export interface Generator {
  readonly weights: readonly State[];
  /** Moving averages of batch norm. */
  readonly averages: readonly State[];
  /** Whether images are in [-1, 1] by themselves; otherwise they are clipped once nothing learns from them any more. */
  readonly bounded: boolean;
  /** Latents `[n, latentSize]`, and int32 labels `[n]` where it knows classes → images `[n, height, width, channels]`. */
  forward(z: Tensor, values: Values, normalisation: Normalisation, labels?: Tensor): Tensor;
}

/** Drops elements of a layer's activations in training; `layer` tells the masks apart. */
export type Drop = (x: Tensor, layer: string) => Tensor;

export interface Discriminator {
  readonly weights: readonly State[];
  /** What a logit depends on; it decides what may go through D together. */
  readonly sight: Sight;
  /** Images `[n, height, width, channels]`, and int32 labels `[n]` where it knows classes → logits `[n, 1]`. */
  forward(x: Tensor, values: Values, drop: Drop, labels?: Tensor): Tensor;
}

export interface Gan {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
}
