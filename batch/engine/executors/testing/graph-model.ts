/**
 * TF.js as anybody installs it, in a process of its own. A line of its input is {url, feeds, fetches}, with the address of a
 * model.json; a line of its output the results, or {error}. Knows nothing of Ganway.
 */
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';

/** A tensor in a line of JSON. */
export interface TensorText {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: number[];
  readonly base64: string;
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

function tensorOf({ dtype, shape, base64 }: TensorText): tf.Tensor {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return tf.tensor(new ARRAYS[dtype](bytes.buffer), shape, dtype);
}

function textOf(tensor: tf.Tensor): object {
  // A cast may leave the array of the type before.
  const data = ARRAYS[tensor.dtype as TensorText['dtype']].from(tensor.dataSync());
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  return { dtype: tensor.dtype, shape: tensor.shape, base64 };
}

async function answer(line: string): Promise<object> {
  const { url, feeds, fetches } = JSON.parse(line) as {
    url: string;
    feeds: Record<string, TensorText>;
    fetches: string[];
  };
  const model = await tf.loadGraphModel(url);
  const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)]));
  const results = [model.execute(inputs, fetches)].flat();
  const shapes = Object.fromEntries(model.inputs.map(({ name, shape }) => [name, shape]));
  const outputs = Object.fromEntries(results.map((result, index) => [fetches[index], textOf(result)]));
  return { outputs, shapes, metadata: model.metadata ?? null };
}

tf.enableProdMode();
await tf.setBackend('cpu');
for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(line).catch((error: unknown) => ({ error: String(error) }));
  console.log(JSON.stringify(said));
}
