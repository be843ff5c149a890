/** Finds out how many binary digits of their factors products really have, whatever was asked for; times nothing. */
import {
  conv2d,
  createGraph,
  feed,
  finish,
  matMul,
  type Program,
  pad,
  reshape,
  signature,
} from '../../../../batch/engine/program/index.ts';
import type { Session, TensorValue } from '../../../../batch/engine/session.ts';

/** Large enough for the kernels that trainings use. */
const SIDE = 256;
const IMAGE = 16;
/** Behind the first one, of float32. */
const DIGITS = 23;

/** Binary digits of a factor, the first one counted: 24 of float32, 11 of TF32, 8 of bfloat16. */
export interface Digits {
  readonly matMul: number;
  readonly conv2d: number;
}

/** Signature `probe`: a matrix times another, and the same numbers as an image under a convolution. */
export function probeProgram(): Program {
  const graph = createGraph();
  signature(graph, 'probe', () => {
    const a = feed(graph, 'a', 'float32', [SIDE, SIDE]);
    const b = feed(graph, 'b', 'float32', [SIDE, SIDE]);
    const image = reshape(a, [1, IMAGE, IMAGE, SIDE]);
    // One pixel in zeros: a kernel of that pixel alone would be computed as the matrix that it is.
    const kernel = pad(reshape(b, [1, 1, SIDE, SIDE]), [1, 1, 0, 0], [3, 3, SIDE, SIDE]);
    return { matMul: matMul(a, b), conv2d: conv2d(image, kernel, 1) };
  });
  return finish(graph);
}

/** Every result is one product by 1, of a number whose last digit is all that rounding can take from it. */
export function digitsOf(session: Session): Digits {
  const diagonal = (at: (row: number) => number): TensorValue => ({
    dtype: 'float32',
    shape: [SIDE, SIDE],
    data: Float32Array.from({ length: SIDE * SIDE }, (_, index) =>
      index % (SIDE + 1) === 0 ? at(index / (SIDE + 1)) : 0,
    ),
  });
  const place = (row: number) => 1 + (row % DIGITS);
  const found = session.call('probe', { a: diagonal((row) => 1 + 2 ** -place(row)), b: diagonal(() => 1) });
  const seen = ({ data }: TensorValue) => {
    const kept = Array.from({ length: SIDE }, (_, row) =>
      data[row * (SIDE + 1)] === 1 + 2 ** -place(row) ? place(row) : 0,
    );
    return 1 + Math.max(...kept);
  };
  const { matMul, conv2d } = found;
  if (!matMul || !conv2d) throw new RangeError('the probe fetches two');
  return { matMul: seen(matMul), conv2d: seen(conv2d) };
}
