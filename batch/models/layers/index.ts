/** The layers in one import: what a network's author needs; holds nothing itself. */
export { attention } from './attention.ts';
export { basisInput, basisOutput } from './basis.ts';
export { type BatchNorm, batchNorm } from './batch-norm.ts';
export type { Normalisation } from './batch-statistics.ts';
export { type ConditionalBatchNorm, conditionalBatchNorm } from './conditional-batch-norm.ts';
export { convolution, type Kernel, transposedConvolution } from './convolution.ts';
export { dense } from './dense.ts';
export { type Embedding, embedding } from './embedding.ts';
export { groupNorm, instanceNorm, layerNorm } from './group-norm.ts';
export { glorot, he, normal, ones, zeros } from './initial.ts';
export { type Layer, type Values, weightsOf } from './layer.ts';
export { minibatchDeviation } from './minibatch-deviation.ts';
export { pixelNorm } from './pixel-norm.ts';
export { type Projection, projection } from './projection.ts';
export { downsampling, upsampling } from './resample.ts';
export { residual } from './residual.ts';
export { type SpectralIteration, type SpectralNorm, spectralNorm } from './spectral-norm.ts';
