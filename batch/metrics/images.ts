/** Images as numbers, and their Laplacian pyramid; knows no metric. */

/** Images `[count, height, width, channels]` in C order. */
export interface Images {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float32Array | Uint8Array;
}

/** Smallest side of a level. */
const SMALLEST = 16;
/** The binomial filter of a pyramid (Burt and Adelson 1983). */
const BINOMIAL = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16] as const;

/**
 * Differences between an image and its next smaller one, from the full size down to the last level of at least 16 pixels, which
 * is the small image itself. Sides that are no multiple of 16 are padded with black first: 28 to 32.
 */
export function laplacianPyramid(images: Images): Images[] {
  const levels: Images[] = [];
  let level = padded(images);
  while (Math.min(level.height, level.width) >= 2 * SMALLEST && level.height % 2 === 0 && level.width % 2 === 0) {
    const smaller = halved(level);
    levels.push(difference(level, doubled(smaller)));
    level = smaller;
  }
  return [...levels, level];
}

function padded(images: Images): Images {
  const up = (side: number) => Math.ceil(side / SMALLEST) * SMALLEST;
  const [height, width] = [up(images.height), up(images.width)];
  if (height === images.height && width === images.width) return images;
  const [top, left] = [(height - images.height) >> 1, (width - images.width) >> 1];
  const { count, channels, values } = images;
  const wider = new Float32Array(count * height * width * channels);
  for (let row = 0; row < count * images.height; row++) {
    const [image, y] = [Math.floor(row / images.height), row % images.height];
    const line = values.subarray(row * images.width * channels, (row + 1) * images.width * channels);
    wider.set(line, ((image * height + top + y) * width + left) * channels);
  }
  return { count, height, width, channels, values: wider };
}

/** Every second pixel of the blurred image. */
function halved(images: Images): Images {
  const columns = filtered(images, 'width', 1, 2);
  return filtered(columns, 'height', 1, 2);
}

/** Twice the size: zeros between the pixels, blurred, and as bright as before. */
function doubled(images: Images): Images {
  return filtered(filtered(spread(images), 'width', 2, 1), 'height', 2, 1);
}

function spread({ count, height, width, channels, values }: Images): Images {
  const sparse = new Float32Array(4 * values.length);
  for (let row = 0; row < count * height; row++) {
    for (let x = 0; x < width; x++) {
      const from = (row * width + x) * channels;
      sparse.set(values.subarray(from, from + channels), (2 * row * 2 * width + 2 * x) * channels);
    }
  }
  return { count, height: 2 * height, width: 2 * width, channels, values: sparse };
}

/** Filters along one axis, mirrored about the outermost pixels, and keeps every `stride`-th. */
function filtered(images: Images, axis: 'width' | 'height', gain: number, stride: 1 | 2): Images {
  const { count, channels, values } = images;
  const length = images[axis];
  const kept = length / stride;
  const inner = axis === 'width' ? channels : images.width * channels;
  const outer = values.length / (length * inner);
  const result = new Float32Array(outer * kept * inner);
  for (let n = 0; n < outer; n++) {
    for (let at = 0; at < kept; at++) {
      for (let tap = 0; tap < BINOMIAL.length; tap++) {
        const weight = (BINOMIAL[tap] ?? 0) * gain;
        const from = (n * length + mirrored(at * stride + tap - 2, length)) * inner;
        const to = (n * kept + at) * inner;
        for (let i = 0; i < inner; i++) result[to + i] = (result[to + i] ?? 0) + weight * (values[from + i] ?? 0);
      }
    }
  }
  return { count, height: images.height, width: images.width, [axis]: kept, channels, values: result };
}

/** The place of a pixel past an edge, which is not repeated: -1 is 1. */
function mirrored(at: number, length: number): number {
  const inside = Math.abs(at);
  return inside < length ? inside : 2 * (length - 1) - inside;
}

function difference(a: Images, b: Images): Images {
  return { ...a, values: Float32Array.from(a.values, (value, at) => value - (b.values[at] ?? 0)) };
}
