/** Loads a SavedModel from disk through the stock addon and calls one of its nodes by name; knows no signature. */
import type { TensorValue } from '../../session.ts';
import { nativeDir } from '../../testing/native.ts';
import { loadAddon } from '../tensorflow/addon.ts';

/** The float32 result `fetch` of the model in a folder, of feeds in float32 or int32; all as `node:output`. */
export function runSavedModel(
  folder: string,
  feeds: Readonly<Record<string, TensorValue>>,
  fetch: string,
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const { tf, backend } = loadAddon(nativeDir);
  const id = backend.loadSavedModelMetaGraph(folder, 'serve');
  const typeOf = ({ dtype }: TensorValue) => (dtype === 'int32' ? 'int32' : 'float32');
  const fed = Object.values(feeds).map((value) => tf.tensor(value.data, [...value.shape], typeOf(value)));
  const infos = Object.entries(feeds).map(([name, value]) => ({ name, dtype: typeOf(value) }) as const);
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
