/** Picks the networks that a spec names; knows none of them. */
import type { ModelSpec } from '../../graph/spec/spec.ts';
import type { Graph } from '../engine/program/index.ts';
import { articleDcgan } from './dcgan.ts';
import { articleMlp } from './mlp.ts';
import type { Gan, ImageShape } from './network.ts';
import { r3gan } from './r3gan.ts';

/** Declares both players' state in `graph`. `classes`: how many they are told apart; 0: none. */
export function buildGan(graph: Graph, spec: ModelSpec, image: ImageShape, classes: number): Gan {
  switch (spec.architecture) {
    case 'DCGAN':
      return articleDcgan(graph, spec, image);
    case 'MLP':
      return articleMlp(graph, spec, image);
    case 'R3GAN':
      return r3gan(graph, spec, image, classes);
  }
}
