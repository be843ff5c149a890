/** Extractors on real TensorFlow: what they learn, that they are a function of their seed, and what they refuse. */
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { executor, nativeDir } from '../../engine/testing/native.ts';
import { frechetDistance } from '../frechet.ts';
import { bars, some } from '../testing/bars.ts';
import { classifierAccuracy } from './accuracy.ts';
import { type Extractor, openExtractor, trainExtractor } from './extractor.ts';
import { classifySamples } from './samples.ts';

const native = { nativeDir, executor, workDir: tmpdir() };
const all = bars(700, 1);
const [train, heldOut] = [some(all, 0, 400), some(all, 400, 700)];
const options = { seed: 1, steps: 50 };

let byLabels: Extractor;
beforeAll(() => {
  byLabels = trainExtractor(train.images, train.labels, options, native);
});

function using<Result>(extractor: Extractor, use: (open: ReturnType<typeof openExtractor>) => Result): Result {
  const open = openExtractor(extractor.file, native);
  try {
    return use(open);
  } finally {
    open.close();
  }
}

describe('an extractor', () => {
  test('that learned labels tells those of new images', () => {
    const { classes } = using(byLabels, (open) => open.extract(heldOut.images));
    expect(classes.filter((found, n) => found === heldOut.labels[n]).length).toBeGreaterThan(0.95 * 300);
  });

  test('that learned turns needs no labels', () => {
    const losses: number[] = [];
    const onStep = (_: number, loss: number) => losses.push(loss);
    const byTurns = trainExtractor(train.images, null, { seed: 1, steps: 120, onStep }, native);
    expect(byTurns.name).toMatch(/^rotation-cnn128@[0-9a-f]{8}$/);
    expect(losses).toHaveLength(120);
    // Chance is ln 4 = 1.39. Of two thirds of the images all four turns can be told, of the others none: ln 4 / 3 = 0.46.
    expect(losses.slice(-20).reduce((sum, loss) => sum + loss, 0) / 20).toBeLessThan(1.15);
  });

  test('is the same file for the same seed, and another for another', () => {
    const again = trainExtractor(train.images, train.labels, options, native);
    expect(again.name).toBe(byLabels.name);
    expect(Buffer.compare(again.file, byLabels.file)).toBe(0);
    expect(trainExtractor(train.images, train.labels, { seed: 2, steps: 1 }, native).name).not.toBe(byLabels.name);
  });

  test('is opened by its file, under its name, and gives each image features of its own', () => {
    using(byLabels, (open) => {
      expect(open).toMatchObject({ name: byLabels.name, image: [12, 12, 1] });
      const whole = open.extract(heldOut.images).features;
      expect([whole.rows, whole.columns]).toEqual([300, 128]);
      expect(whole.values.every((value) => value >= 0)).toBe(true);
      const last = open.extract(some(heldOut, 290, 300).images).features;
      expect(last.values).toEqual(whole.values.slice(290 * 128));
    });
  });

  test('sees a class that is missing, and little else', () => {
    using(byLabels, (open) => {
      const features = (n: number, seed: number) => open.extract(bars(n, seed).images).features;
      const real = features(300, 5);
      const kept = Array.from({ length: 450 }, (_, n) => n).filter((n) => n % 3 !== 1);
      const lacking = open.extract(bars(450, 6).images).features;
      const values = Float64Array.from(kept.flatMap((n) => [...lacking.values.subarray(n * 128, (n + 1) * 128)]));
      const floor = frechetDistance(real, features(300, 6));
      expect(frechetDistance(real, { rows: kept.length, columns: 128, values })).toBeGreaterThan(10 * floor);
    });
  });

  test('tells the digits of a stack, channel by channel', () => {
    const [height, width] = [12, 12];
    const pixels = Uint8Array.from({ length: 100 * height * width * 3 }, (_, at) => {
      const [channel, pixel] = [at % 3, Math.floor(at / 3)];
      return (
        heldOut.images.pixels[
          (Math.floor(pixel / (height * width)) + channel) * height * width + (pixel % (height * width))
        ] ?? 0
      );
    });
    const samples = { name: '--fake', array: { shape: [100, height, width, 3], values: pixels }, labels: null };
    const { array, extractor } = using(byLabels, (open) => classifySamples(open, samples));
    expect(array.shape).toEqual([100, 3]);
    expect(extractor).toBe(byLabels.name);
    const right = [...array.values].filter((found, at) => found === heldOut.labels[Math.floor(at / 3) + (at % 3)]);
    expect(right.length).toBeGreaterThan(0.9 * 300);
  });
});

describe('the classification accuracy score', () => {
  test('is high for good images, and low where their labels are wrong', () => {
    expect(classifierAccuracy(train, heldOut, options, native)).toBeGreaterThan(0.95);
    const wrong = { ...train, labels: train.labels.map((label) => (label + 1) % 3) };
    expect(classifierAccuracy(wrong, heldOut, options, native)).toBeLessThan(0.05);
  });
});

describe('an extractor refuses', () => {
  const failure = (file: Uint8Array) => () => openExtractor(file, native);

  test('files that are none', () => {
    expect(failure(Buffer.from('no'))).toThrow(/too short.*ganway extractor/);
    expect(failure(byLabels.file.subarray(0, -9))).toThrow(/bytes, but lies at/);
    const text = Buffer.from(byLabels.file).toString('latin1');
    expect(failure(Buffer.from(text.replace('"about"', '"abouT"'), 'latin1'))).toThrow(/says nothing of images/);
    expect(failure(Buffer.from(text.replace('logits/bias', 'logits/bia5'), 'latin1'))).toThrow(/another network/);
  });

  test('images of another size, and without labels those that cannot be turned', () => {
    const wide = bars(4, 1, { side: 14 }).images;
    expect(() => using(byLabels, (open) => open.extract(wide))).toThrow(/takes images of 12×12×1, not of 14×14×1/);
    const tall = { count: 4, image: [6, 12, 1] as const, pixels: new Uint8Array(4 * 72) };
    expect(() => trainExtractor(tall, null, options, native)).toThrow(/12×6 and have no labels/);
  });
});
