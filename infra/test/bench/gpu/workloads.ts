/** What `npm run bench:gpu` times: the workloads of bench:step, and on a processor a toy that only tries the path; knows no contender. */
import type { Workload } from '../../peers/workload.ts';
import { WORKLOADS } from '../step/workloads.ts';
import type { Device } from './contenders.ts';

/** With R1, whose penalty no precision rounds, and batch norm. */
const [dcgan = refuse()] = WORKLOADS.filter(({ name }) => name === 'dcgan28-r1');
const toy: Workload = {
  ...dcgan,
  name: 'toy-r1',
  batch: 16,
  image: [8, 8, 1],
  model: {
    architecture: 'DCGAN',
    latentSize: 8,
    generatorChannels: [12, 8],
    discriminatorChannels: [8, 12],
    kernelSize: 4,
    dropout: 0,
  },
};

export const workloadsOf = (device: Device): readonly Workload[] => (device === 'gpu' ? WORKLOADS : [toy]);

function refuse(): never {
  throw new RangeError('bench:step has no dcgan28-r1 any more');
}
