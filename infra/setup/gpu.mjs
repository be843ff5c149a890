/** Whether this machine's GPU is to be used; loads no driver. */
import { existsSync } from 'node:fs';

/** An NVIDIA device is there, or asked for by `GANWAY_GPU=1`; `GANWAY_GPU=0` says no to one that is there. */
export function wantsGpu(env = process.env) {
  if (env.GANWAY_GPU === '0') return false;
  return env.GANWAY_GPU === '1' || hasGpu();
}

/** An NVIDIA driver shows a device on this machine. */
export function hasGpu() {
  return existsSync('/dev/nvidia0');
}
