/** What a task that is no training is given: a slot without its GPUs, or the machine that the server rents for tasks. */
import type { Settings } from '../../ganway.ts';
import { containerMemory } from '../../money/machine.ts';
import type { ImportSpec } from '../../spec/spec.ts';

export function taskResources({ slot, money: { tasks } }: Settings): ImportSpec['resources'] {
  if (tasks) return { threads: tasks.size.vcpus, gpus: 0, memoryMb: containerMemory(tasks.size) };
  return { threads: slot.threads, gpus: 0, memoryMb: slot.memoryMb };
}
