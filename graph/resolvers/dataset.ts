/** A data set: what a spec pins of it is at hand, the rest is read from its manifest only when asked for. */
import type { DatasetManifest } from '../spec/dataset.ts';
import type { Context } from './context.ts';
import type { DatasetModel } from './models.ts';
import type { DatasetResolvers } from './types.gen.ts';

/** The manifest the model stands for; null where it is gone, or was replaced by another of that id. */
async function manifestOf({ pinned, manifest }: DatasetModel, { loaders }: Context): Promise<DatasetManifest | null> {
  if (manifest) return manifest;
  const current = await loaders.dataset.load(pinned.id);
  return current?.pinned.digest === pinned.digest ? current.manifest : null;
}

export const dataset: DatasetResolvers = {
  id: ({ pinned }) => pinned.id,
  digest: ({ pinned }) => pinned.digest,
  name: ({ pinned }) => pinned.name,
  images: ({ pinned }) => pinned.images,
  width: ({ pinned }) => pinned.width,
  height: ({ pinned }) => pinned.height,
  channels: ({ pinned }) => pinned.channels,
  classes: ({ pinned }) => pinned.classes,
  bytes: async (model, _args, context) => {
    const { images, width, height, channels } = model.pinned;
    return (await manifestOf(model, context))?.bytes ?? images * width * height * channels;
  },
  source: async (model, _args, context) => (await manifestOf(model, context))?.source.kind ?? null,
  skipped: async (model, _args, context) => (await manifestOf(model, context))?.source.skipped ?? [],
  skippedTotal: async (model, _args, context) => (await manifestOf(model, context))?.source.skippedTotal ?? 0,
};
