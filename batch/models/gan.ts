/** Picks the networks that a spec names; knows none of them. */
import type { ModelSpec } from '../../graph/spec/spec.ts';
import type { Graph } from '../engine/program/index.ts';
import { articleDcgan } from './dcgan.ts';
import { articleMlp } from './mlp.ts';
import type { Gan, ImageShape } from './network.ts';

/** Declares both players' state in `graph`. */
export function buildGan(graph: Graph, spec: ModelSpec, image: ImageShape): Gan {
  switch (spec.architecture) {
    case 'DCGAN':
      return articleDcgan(graph, spec, image);
    case 'MLP':
      return articleMlp(graph, spec, image);
  }
}
