/** The graph language in one import: what a model's author needs; holds nothing itself. */
export { createGraph, type Graph, scope } from './graph.ts';
export * from './ops/arrange.ts';
export { constant, filled, scalarLike } from './ops/constant.ts';
export * from './ops/elementwise.ts';
export { readImages } from './ops/images.ts';
export * from './ops/layer.ts';
export * from './ops/random.ts';
export * from './ops/reduce.ts';
export * from './ops/update.ts';
export { finish, type Program } from './program.ts';
export { sameShape, sizeOf } from './shape.ts';
export { feed, signature } from './signature.ts';
export { type Init, type Role, type State, state } from './state.ts';
export type { ElementType, Shape, Tensor } from './tensor.ts';
export { current, read, type Version } from './version.ts';
