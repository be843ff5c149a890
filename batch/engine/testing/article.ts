/** The model of the founding article, for tests and benches that want its very numbers. */
import { presets } from '../../../graph/spec/presets.ts';
import type { ModelSpec } from '../../../graph/spec/spec.ts';

const preset = presets.find(({ id }) => id === 'article-dcgan');
if (!preset) throw new Error('There is no preset article-dcgan.');

export const articleModel: ModelSpec = preset.model;
