/** Where things are in the image, as its scripts and its Dockerfile have it; copies nothing. */

/** The folders that the image consists of, from the one that changes least; each is a layer. */
export const LAYERS = ['system', 'cuda', 'tensorflow', 'packages', 'app'] as const;
export type Layer = (typeof LAYERS)[number];

export const PLACES = {
  node: 'usr/local/bin/node',
  app: 'opt/ganway/app',
  packages: 'opt/ganway/app/node_modules',
  /** Beside each other, as their search paths have it. */
  tensorflow: 'opt/ganway/native/tensorflow',
  nvidia: 'opt/ganway/native/nvidia',
  /** All that a container writes. */
  state: 'var/lib/ganway',
} as const;

/** Folders of the state: data sets and compiled kernels that outlive a run, a run's own, and what libraries think is temporary. */
export const STATE = ['cache', 'work', 'tmp'] as const;

/** Who the container is; a number, because Batch and Kubernetes tell by it that it is not root. */
export const USER = { name: 'ganway', id: 65_532 } as const;

/** Most bytes of each layer, unpacked: what it has, and a tenth. A layer that has grown beyond is looked at by a person first. */
export const MOST_BYTES: Readonly<Record<Layer, number>> = {
  system: 150e6,
  cuda: 3.2e9,
  tensorflow: 1.4e9,
  packages: 60e6,
  app: 8e6,
};
