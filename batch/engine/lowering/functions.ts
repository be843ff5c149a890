/** Makes each signature of a lowered program one function, so that XLA can take it whole; knows no kernel's meaning. */
import { type FunctionDef, XLA_ATTRIBUTE } from '../savedmodel/functiondef.ts';
import type { SignatureDef } from '../savedmodel/graphdef.ts';
import type { Attribute, NodeDef, TfType } from '../savedmodel/nodedef.ts';
import type { Lowered } from './lower.ts';
import { compilableRandom } from './xla-random.ts';

/**
 * `flat`: one graph, in which a call runs the part it needs. `functions`: a function for each signature; results are
 * equal to the bit. `xla`: those functions compiled by XLA, which rounds otherwise and draws other random numbers of the
 * same keys; initial values are the same.
 */
export type Layout = 'flat' | 'functions' | 'xla';

/** Not worth to be compiled. Nor can XLA compile what reads files. */
const ONCE = 'init';

export function inLayout(lowered: Lowered, layout: Layout): Lowered {
  return layout === 'flat' ? lowered : inFunctions(lowered, layout === 'xla');
}

function inFunctions(lowered: Lowered, xla: boolean): Lowered {
  const nodes = new Map(lowered.nodes.map((node) => [node.name, node]));
  const functions: FunctionDef[] = [];
  const calls: NodeDef[] = [];
  const signatures: Record<string, SignatureDef> = {};
  for (const [name, signature] of Object.entries(lowered.signatures)) {
    const { inside, outside } = partsOf(signature, nodes);
    const compiled = xla && name !== ONCE && !inside.some(({ op }) => op === 'ReadFile');
    const body = { inside: compiled ? inside.flatMap(compilableRandom) : inside, outside };
    const definition = defineFunction(`ganway_${name}`, signature, body, compiled);
    const call = `${name}/call`;
    functions.push(definition);
    calls.push(callOf(call, definition, outside));
    const outputs = Object.entries(signature.outputs);
    signatures[name] = {
      inputs: signature.inputs,
      outputs: Object.fromEntries(outputs.map(([key, info], index) => [key, { ...info, ref: `${call}:${index}` }])),
    };
  }
  const access = [...lowered.state.values()].flatMap(({ value, written }) => [value, written]);
  const fed = Object.values(lowered.signatures).flatMap(({ inputs }) => Object.values(inputs).map(({ ref }) => ref));
  const shared = neededFor([...access, ...fed], nodes);
  const variables = lowered.nodes.filter(({ op }) => op === 'VarHandleOp');
  const kept = lowered.nodes.filter((node) => shared.has(node) || variables.includes(node));
  return { nodes: [...kept, ...calls], functions, signatures, state: lowered.state };
}

/** What belongs into a function and what it is called with. */
interface Parts {
  readonly inside: readonly NodeDef[];
  /** Variables and feeds. */
  readonly outside: readonly NodeDef[];
}

function partsOf({ outputs }: SignatureDef, nodes: ReadonlyMap<string, NodeDef>): Parts {
  const refs = Object.values(outputs).map(({ ref }) => ref);
  const needed = [...neededFor(refs, nodes)];
  const isOutside = ({ op }: NodeDef) => op === 'VarHandleOp' || op === 'Placeholder';
  return { inside: needed.filter((node) => !isOutside(node)), outside: needed.filter(isOutside) };
}

function defineFunction(
  name: string,
  { outputs }: SignatureDef,
  { inside, outside }: Parts,
  xla: boolean,
): FunctionDef {
  const inputs = outside.map((node, index) => ({ name: `input${index}`, dtype: resultType(node) }));
  const names = new Map<string, string>();
  outside.forEach((node, index) => {
    names.set(node.name, `input${index}`);
  });
  const operations = new Map(inside.map((node) => [node.name, node.op]));
  const inner = (ref: string) => names.get(nodeOf(ref)) ?? innerRef(ref, operations);
  return {
    name,
    inputs,
    outputs: Object.values(outputs).map(({ dtype, ref }, index) => ({
      ...{ name: `output${index}`, dtype },
      ref: inner(ref),
    })),
    nodes: inside.map((node) => ({ ...node, inputs: node.inputs.map(inner) })),
    xla,
  };
}

function callOf(
  name: string,
  { name: callee, inputs, outputs, xla }: FunctionDef,
  outside: readonly NodeDef[],
): NodeDef {
  const attributes: Record<string, Attribute> = {
    Tin: { types: inputs.map(({ dtype }) => dtype) },
    Tout: { types: outputs.map(({ dtype }) => dtype) },
    f: { func: callee },
    ...(xla && { [XLA_ATTRIBUTE]: { bool: true } }),
  };
  return { name, op: 'StatefulPartitionedCall', inputs: outside.map((node) => node.name), attributes };
}

/** All nodes that some references need, in the order of the graph. */
function neededFor(refs: readonly string[], nodes: ReadonlyMap<string, NodeDef>): ReadonlySet<NodeDef> {
  const needed = new Set<NodeDef>();
  const pending = refs.map(nodeOf);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = nodes.get(name);
    if (!node) throw new Error(`${name} is no node of the program`);
    if (needed.has(node)) continue;
    needed.add(node);
    pending.push(...node.inputs.map(nodeOf));
  }
  return new Set([...nodes.values()].filter((node) => needed.has(node)));
}

/** `node` of `node`, `node:1` and `^node`. */
function nodeOf(ref: string): string {
  return ref.replace(/^\^/, '').replace(/:\d+$/, '');
}

/** The reference as functions write it: by the name of the output instead of its number. */
function innerRef(ref: string, operations: ReadonlyMap<string, string>): string {
  if (ref.startsWith('^')) return ref;
  const node = nodeOf(ref);
  const index = Number(/:(\d+)$/.exec(ref)?.[1] ?? 0);
  return `${node}:${outputName(operations.get(node) ?? '', index)}:0`;
}

function resultType({ op, name, attributes }: NodeDef): TfType {
  if (op === 'VarHandleOp') return 'resource';
  const { dtype } = attributes;
  if (!dtype || !('type' in dtype)) throw new Error(`${name} has no type`);
  return dtype.type;
}

/** Names of outputs by operation, where they are not the usual `output`: TensorFlow's `tensorflow/core/ops/*.cc`. */
const OUTPUT_NAMES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    y: 'Abs Cast Cos Erf Exp Floor IsFinite Log LogicalNot Neg Rsqrt Sigmoid Sign Sin Sqrt Square Tanh Transpose',
    z: 'AddV2 Equal Greater GreaterEqual LogicalAnd LogicalOr Maximum Minimum Mul Pow RealDiv Sub TanhGrad',
    activations: 'Elu LeakyRelu Relu Softplus',
    backprops: 'LeakyReluGrad ReluGrad',
    contents: 'ReadFile',
    logsoftmax: 'LogSoftmax',
    product: 'MatMul',
    resized_images: 'ResizeNearestNeighbor',
    softmax: 'Softmax',
    'key counter': 'StatelessRandomGetKeyCounter',
    value: 'ReadVariableOp',
    'y batch_mean batch_variance reserve_space_1 reserve_space_2 reserve_space_3': 'FusedBatchNormV3',
    'x_backprop scale_backprop offset_backprop reserve_space_4 reserve_space_5': 'FusedBatchNormGradV3',
  }).flatMap(([names, operations]) => operations.split(' ').map((operation) => [operation, names.split(' ')])),
);

/** A wrong name is refused by TensorFlow when it loads the program. */
function outputName(operation: string, index: number): string {
  const names = OUTPUT_NAMES[operation] ?? ['output'];
  const name = names[index];
  if (name === undefined) throw new Error(`${operation} has no output ${index}`);
  return name;
}
