/** The layers in one import: what a network's author needs; holds nothing itself. */
export { type BatchNorm, batchNorm, type Normalisation } from './batch-norm.ts';
export { convolution, transposedConvolution } from './convolution.ts';
export { dense } from './dense.ts';
export { type Layer, type Values, weightsOf } from './layer.ts';
