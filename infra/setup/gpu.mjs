/** Whether this machine's GPU is to be used; loads no driver. */
import { existsSync, readdirSync } from 'node:fs';

/** An NVIDIA device is there, or asked for by `GANWAY_GPU=1`; `GANWAY_GPU=0` says no to one that is there. */
export function wantsGpu(env = process.env) {
  if (env.GANWAY_GPU === '0') return false;
  return env.GANWAY_GPU === '1' || hasGpu();
}

/**
 * An NVIDIA driver shows a device on this machine. A container may be given any of a machine's devices, so that it need not be the first.
 * @param {string} [devices]
 */
export function hasGpu(devices = '/dev') {
  return existsSync(devices) && readdirSync(devices).some((name) => /^nvidia\d+$/.test(name));
}
