/**
 * A frozen graph as TF.js loads it (`tf.loadGraphModel`): model.json and the weights in pieces; knows no model.
 * The format is that of TF.js's own converter, https://github.com/tensorflow/tfjs/tree/master/tfjs-converter.
 */
import { EngineError } from '../errors.ts';
import type { SignatureDef, TensorInfo } from '../savedmodel/graphdef.ts';
import type { Attribute, NodeDef, TensorProto, TfType } from '../savedmodel/nodedef.ts';
import type { FrozenGraph } from './freeze.ts';
import { TFJS_OPERATIONS } from './tfjs-operations.ts';

export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TfjsOptions {
  /** Who made it, e.g. `Ganway 1.2.3`. */
  readonly generatedBy: string;
  /** `userDefinedMetadata` of the loaded model. */
  readonly metadata: unknown;
}

/** Browsers keep files up to this size in their caches: what TF.js's converter writes as well. */
const PIECE = 4 * 1024 * 1024;

/** Types that TF.js has, by the names of TensorFlow's. */
const TYPES: Partial<Record<TfType, string>> = { float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL' };

/** @throws EngineError EXPORT where TF.js lacks an operation or a type, which is named */
export function encodeTfjs({ nodes, signature }: FrozenGraph, { generatedBy, metadata }: TfjsOptions): ModelFile[] {
  const constants = nodes.flatMap((node) => {
    const { value } = node.attributes;
    return node.op === 'Const' && value && 'tensor' in value ? [{ name: node.name, tensor: value.tensor }] : [];
  });
  const pieces = piecesOf(constants.map(({ tensor }) => contentOf(tensor)));
  const paths = pieces.map((_, index) => `group1-shard${index + 1}of${pieces.length}.bin`);
  const weights = constants.map(({ name, tensor: { dtype, shape } }) => ({ name, shape, dtype }));
  const model = {
    format: 'graph-model',
    generatedBy,
    convertedBy: generatedBy,
    signature: signatureJson(signature),
    userDefinedMetadata: metadata,
    modelTopology: { node: nodes.map(nodeJson), versions: {} },
    weightsManifest: [{ paths, weights }],
  };
  const json = { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(model)) };
  return [json, ...paths.map((name, index) => ({ name, bytes: pieces[index] ?? new Uint8Array() }))];
}

function piecesOf(contents: readonly Uint8Array[]): Uint8Array[] {
  const all = Buffer.concat(contents);
  const count = Math.max(1, Math.ceil(all.length / PIECE));
  return Array.from({ length: count }, (_, index) => all.subarray(index * PIECE, (index + 1) * PIECE));
}

function contentOf({ content }: TensorProto): Uint8Array {
  if (typeof content === 'string') throw new EngineError('EXPORT', 'TF.js has no constant texts');
  return content;
}

function nodeJson({ name, op, inputs, attributes }: NodeDef) {
  const operation = TFJS_OPERATIONS[op];
  if (!operation || operation.refuses?.(attributes)) {
    throw new EngineError('EXPORT', `TF.js cannot compute ${op} as ${name} needs it: export SAVED_MODEL instead`);
  }
  const entries = Object.entries({ ...operation.attributes, ...attributes });
  const attr = Object.fromEntries(entries.map(([key, value]) => [key, attributeJson(name, value)]));
  return { name, op, input: inputs, attr };
}

function attributeJson(node: string, attribute: Attribute): object {
  if ('type' in attribute) return { type: typeJson(node, attribute.type) };
  if ('shape' in attribute) return { shape: shapeJson(attribute.shape) };
  if ('int' in attribute) return { i: String(attribute.int) };
  if ('float' in attribute) return { f: attribute.float };
  if ('bool' in attribute) return { b: attribute.bool };
  if ('string' in attribute) return { s: Buffer.from(attribute.string).toString('base64') };
  if ('ints' in attribute) return { list: { i: attribute.ints.map(String) } };
  if (!('tensor' in attribute)) throw new EngineError('EXPORT', `TF.js has no functions, which ${node} needs`);
  const { dtype, shape } = attribute.tensor;
  // The content is with the weights.
  return { tensor: { dtype: typeJson(node, dtype), tensorShape: shapeJson(shape) } };
}

function typeJson(node: string, type: TfType): string {
  const name = TYPES[type];
  if (!name) throw new EngineError('EXPORT', `TF.js has no ${type}, which ${node} needs: export SAVED_MODEL instead`);
  return name;
}

function shapeJson(shape: readonly number[]) {
  return { dim: shape.map((size) => ({ size: String(size) })) };
}

function signatureJson({ inputs, outputs }: SignatureDef) {
  const json = (tensors: Readonly<Record<string, TensorInfo>>) =>
    Object.fromEntries(
      Object.entries(tensors).map(([key, { ref, dtype, shape }]) => [
        key,
        { name: ref, dtype: typeJson(key, dtype), tensorShape: shapeJson(shape) },
      ]),
    );
  return { inputs: json(inputs), outputs: json(outputs) };
}
