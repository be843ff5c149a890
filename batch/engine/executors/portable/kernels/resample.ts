/** Images made smaller and larger by fixed rules, NHWC. */
import { outputOf } from '../../../program/graph.ts';
import { reshaped } from '../cpu.ts';
import type { Kernels } from '../frame.ts';
import { sliding } from './convolution.ts';
import { filled } from './plain.ts';

export const resample = {
  upsampleNearest: (node, on, images) => {
    const size = outputOf(node, 0).shape.slice(1, 3);
    return on.run('ResizeNearestNeighbor', { images }, { size, alignCorners: false, halfPixelCenters: true });
  },
  averagePool: (node, on, x) => {
    const { size } = node.attributes;
    return on.run('AvgPool', { x }, { ...sliding(node.attributes), filterSize: [size, size] });
  },
  // TF.js's AvgPoolGrad divides by the whole window where SAME padding leaves a part of it: the pixels are counted here.
  averagePoolGradient: (node, on, dy) => {
    const inputShape = outputOf(node, 0).shape;
    const { size } = node.attributes;
    const [filter, attributes] = [filled(on, 1, [size, size, inputShape[3] ?? 0, 1]), sliding(node.attributes)];
    const counts = on.run('DepthwiseConv2dNative', { x: filled(on, 1, inputShape), filter }, attributes);
    const shares = on.run('RealDiv', { a: dy, b: counts });
    return on.run('DepthwiseConv2dNativeBackpropInput', { dy: shares, filter }, { ...attributes, inputShape });
  },
  depthToSpace: (node, on, x) => {
    const { block } = node.attributes;
    const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
    const blocks = reshaped(on, x, [n, height, width, block, block, channels / block ** 2]);
    return reshaped(on, on.run('Transpose', { x: blocks }, { perm: [0, 1, 3, 2, 4, 5] }), outputOf(node, 0).shape);
  },
  spaceToDepth: (node, on, x) => {
    const { block } = node.attributes;
    const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
    const blocks = reshaped(on, x, [n, height / block, block, width / block, block, channels]);
    return reshaped(on, on.run('Transpose', { x: blocks }, { perm: [0, 1, 3, 2, 4, 5] }), outputOf(node, 0).shape);
  },
} satisfies Partial<Kernels>;
