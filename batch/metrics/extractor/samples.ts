/** A user's images as what an extractor makes of them: features, or classes; knows no file and no metric. */
import { imagesOf, type Samples } from '../samples.ts';
import type { PixelSet } from './batches.ts';
import type { OpenExtractor } from './extractor.ts';

/**
 * uint8 images as an extractor takes them.
 *
 * @throws MetricError MISFIT where they are no images
 */
export function pixelsOf(samples: Samples): PixelSet {
  const { count, height, width, channels, values } = imagesOf(samples);
  return { count, image: [height, width, channels], pixels: values };
}

/** One row of features an image. */
export function extractSamples(extractor: OpenExtractor, samples: Samples): Samples {
  const { features } = extractor.extract(pixelsOf(samples));
  const array = { shape: [features.rows, features.columns], values: features.values };
  return { ...samples, array, extractor: extractor.name };
}

/** One class a channel: of stacked digits the digits, by an extractor of grey images. */
export function classifySamples(extractor: OpenExtractor, samples: Samples): Samples {
  const { count, image, pixels } = pixelsOf(samples);
  const [height, width, channels] = image;
  const values = new Float64Array(count * channels);
  for (let channel = 0; channel < channels; channel++) {
    const grey = pixels.filter((_, at) => at % channels === channel);
    const { classes } = extractor.extract({ count, image: [height, width, 1], pixels: grey });
    classes.forEach((found, row) => {
      values[row * channels + channel] = found;
    });
  }
  return { ...samples, array: { shape: [count, channels], values }, extractor: extractor.name };
}
