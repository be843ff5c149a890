/** Loads a SavedModel from disk through the stock addon and calls one of its nodes by name; knows no signature. */
import type { TensorValue } from '../../session.ts';
import { nativeDir } from '../../testing/native.ts';
import { loadAddon } from '../tensorflow/addon.ts';

/** The float32 result `fetch` of the model in a folder, both as `node:output`. */
export function runSavedModel(
  folder: string,
  feeds: Readonly<Record<string, TensorValue>>,
  fetch: string,
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const { tf, backend } = loadAddon(nativeDir);
  const id = backend.loadSavedModelMetaGraph(folder, 'serve');
  const fed = Object.values(feeds).map(({ data, shape }) => tf.tensor(data, [...shape], 'float32'));
  const infos = Object.keys(feeds).map((name) => ({ name, dtype: 'float32' as const }));
  try {
    const [result] = backend.runSavedModel(id, fed, infos, [fetch]);
    if (!result) throw new Error(`${fetch} gives nothing`);
    const data = result.dataSync();
    tf.dispose(result);
    return { shape: result.shape, data: Float32Array.from(data) };
  } finally {
    tf.dispose(fed);
    backend.deleteSavedModel(id);
  }
}
