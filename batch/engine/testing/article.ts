/** The model of the founding article, for tests and benches that want its very numbers. */
import { DEFAULT_PRESET, presets } from '../../../graph/spec/presets.ts';
import type { ModelSpec } from '../../../graph/spec/spec.ts';

const preset = presets.find(({ id }) => id === DEFAULT_PRESET);
if (!preset) throw new Error(`There is no preset ${DEFAULT_PRESET}.`);

export const articleModel: ModelSpec = preset.model;
