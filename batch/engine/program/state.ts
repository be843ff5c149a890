/** Declarations of state: what lives in the session from call to call; knows not how it is stored. */
import { EngineError } from '../errors.ts';
import { type Graph, inPrecision, requireName } from './graph.ts';
import type { DType, Shape } from './tensor.ts';

/**
 * What a state is for. All but `data` belong to a checkpoint. `average`: of statistics, or of weights. `singular`: a vector
 * of a power iteration.
 */
export type Role = 'weight' | 'optimizer' | 'average' | 'singular' | 'data';

/** The signature that fills all state for the first time. */
export const INIT = 'init';

/** How the signature {@link INIT} fills a state. */
export type Init =
  | { readonly kind: 'fill'; readonly value: number }
  /** Normal numbers, a pure function of the program's seed and the state's name. */
  | { readonly kind: 'normal'; readonly deviation: number }
  /** Uniform in [-limit, limit), a pure function of the program's seed and the state's name. */
  | { readonly kind: 'uniform'; readonly limit: number }
  /** What another state of this shape and type begins with. */
  | { readonly kind: 'copy'; readonly of: State }
  /** Rows of uint8 `.npy` files, one after the other along the first axis. */
  | { readonly kind: 'images'; readonly shards: readonly { readonly file: string; readonly count: number }[] };

/** A state as whoever saves or restores it knows it. */
export type StateType = Pick<State, 'name' | 'dtype' | 'shape' | 'role'>;

/** One array of state. Names are a contract: checkpoints and exports are keyed by them. */
export interface State {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly role: Role;
  readonly init: Init;
  readonly graph: Graph;
}

/** What of a program's state a checkpoint holds. */
export function checkpointState<S extends StateType>(state: readonly S[]): S[] {
  return state.filter(({ role }) => role !== 'data');
}

/** What of it is the result of training, and not how fast an optimizer moves: what another training can begin with. */
export function learnedState<S extends StateType>(state: readonly S[]): S[] {
  return checkpointState(state).filter(({ role }) => role !== 'optimizer');
}

/**
 * Declares a state. `dtype` is float32 and `role` weight by default.
 *
 * @throws EngineError STATE where the name is taken, or {@link INIT} is there already; NAME where it is none.
 */
export function state(
  graph: Graph,
  name: string,
  shape: Shape,
  options: { readonly dtype?: DType; readonly role?: Role; readonly init: Init },
): State {
  requireName(name);
  if (graph.signatures.has(INIT))
    throw new EngineError('STATE', `state ${name} is declared after ${INIT}, which sets all`);
  if (graph.states.has(name)) throw new EngineError('STATE', `state ${name} is declared twice`);
  const { dtype = 'float32', role = 'weight', init } = options;
  const declared: State = { name, dtype: inPrecision(graph, dtype), shape, role, init, graph };
  graph.states.set(name, declared);
  return declared;
}
