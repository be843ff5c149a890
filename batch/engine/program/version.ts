/** Versions of state within a signature: single assignment, so that order needs no thought; knows no kernel. */
import { EngineError } from '../errors.ts';
import { emitOne, type Graph, place } from './graph.ts';
import type { State } from './state.ts';
import type { AnyNode, Tensor } from './tensor.ts';

/** The value of a state between two of its updates. */
export interface Version {
  readonly state: State;
  /** 0 is the value before the call. */
  readonly ordinal: number;
  /** The update that made it; null for version 0. */
  readonly producer: AnyNode | null;
  /** Its read, once there is one. */
  value: Tensor | null;
}

/**
 * Version 0 of a state: its value before the call.
 *
 * @throws EngineError STATE where the open signature has updated the state already: then the reader has to say which
 * version it means.
 */
export function current(state: State): Version {
  const versions = versionsOf(state);
  if (versions.length > 1) {
    throw new EngineError(
      'STATE',
      `${state.name} has been updated in ${place(state.graph)}: read the version that the update returned`,
    );
  }
  return first(versions);
}

/** The value of a version, or of a state that the signature has not updated. */
export function read(source: Version | State): Tensor {
  const version = 'ordinal' in source ? source : current(source);
  const { state } = version;
  if (!versionsOf(state).includes(version)) {
    throw new EngineError(
      'STATE',
      `${state.name}: this version belongs to another signature than ${place(state.graph)}`,
    );
  }
  version.value ??= emitOne(state.graph, 'read', [], { version }, { dtype: state.dtype, shape: state.shape });
  return version.value;
}

/**
 * Registers the version that `producer` makes out of `version`. Updates call this.
 *
 * @throws EngineError STATE where `version` is not the newest.
 */
export function advance(version: Version, producer: AnyNode): Version {
  const versions = versionsOf(version.state);
  requireNewest(version);
  const next: Version = { state: version.state, ordinal: version.ordinal + 1, producer, value: null };
  versions.push(next);
  return next;
}

/** Throws where a version has been updated already, or belongs to another signature. */
export function requireNewest(version: Version): void {
  if (versionsOf(version.state).at(-1) !== version) {
    const { name, graph } = version.state;
    throw new EngineError('STATE', `${name}: version ${version.ordinal} is not its newest in ${place(graph)}`);
  }
}

function versionsOf(state: State): Version[] {
  const graph: Graph = state.graph;
  if (graph.open === null) throw new EngineError('SIGNATURE', `${state.name}: state is read inside a signature only`);
  let versions = graph.versions.get(state);
  if (versions === undefined) {
    versions = [{ state, ordinal: 0, producer: null, value: null }];
    graph.versions.set(state, versions);
  }
  return versions;
}

function first(versions: readonly Version[]): Version {
  const [version] = versions;
  if (version === undefined) throw new EngineError('STATE', 'a state without versions');
  return version;
}
