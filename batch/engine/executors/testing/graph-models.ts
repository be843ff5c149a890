/** Loads graph models as a page would: from a server's addresses, by stock TF.js in a process of its own; knows no format. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TensorValue } from '../../session.ts';
import type { TensorText } from './graph-model.ts';

export interface Loaded {
  readonly outputs: Readonly<Record<string, TensorValue>>;
  /** Of its inputs, as the model says them; -1 is any length. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly metadata: unknown;
}

export interface GraphModels {
  /** Loads the model of these files and calls it. @throws Error with what TF.js says */
  run(
    files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
    feeds: Readonly<Record<string, TensorValue>>,
    fetches: readonly string[],
  ): Promise<Loaded>;
  close(): Promise<void>;
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

const toText = ({ dtype, shape, data }: TensorValue) => {
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  return { dtype, shape, base64 };
};
const fromText = ({ dtype, shape, base64 }: TensorText): TensorValue => {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return { dtype, shape, data: new ARRAYS[dtype](bytes.buffer) };
};
const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

export async function startGraphModels(): Promise<GraphModels> {
  const served = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    const bytes = served.get(request.url ?? '');
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const script = fileURLToPath(new URL('graph-model.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let models = 0;
  return {
    async run(files, feeds, fetches) {
      const folder = `/${models++}`;
      for (const { name, bytes } of files) served.set(`${folder}/${name}`, bytes);
      const request = { url: `${origin}${folder}/model.json`, feeds: mapValues(feeds, toText), fetches };
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const answer = JSON.parse((await lines.next()).value ?? '{"error":"TF.js is gone"}');
      if (answer.error) throw new Error(answer.error);
      return { ...answer, outputs: mapValues(answer.outputs as Record<string, TensorText>, fromText) };
    },
    async close() {
      child.stdin.end();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
