/** The doctor on machines with GPUs, by what their `nvidia-smi` prints; there is none where the tests run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { hasGpu, wantsGpu } from './gpu.mjs';
import { describeGpu, type GpuFacts, gpuFindings } from './gpu-findings.ts';
import { readSmi } from './nvidia-smi.ts';
import { CUDA_WHEELS } from './wheels.mjs';

/** A machine on which everything is in order. */
const healthy: GpuFacts = {
  asked: undefined,
  arch: 'x64',
  present: true,
  smi: readSmi(true, 'NVIDIA L4, 550.90.07, 23034 MiB, 22563 MiB, 8.9'),
  driverLacks: [],
  cuda: { folder: '/cache/native/nvidia', wheels: [], links: [] },
};

/** `name: status: value` of each line, and all advice. */
function report(facts: Partial<GpuFacts>) {
  const findings = describeGpu({ ...healthy, ...facts });
  const lines = Object.fromEntries(findings.map(({ name, status, value }) => [name, `${status}: ${value}`]));
  return { lines, advice: findings.map(({ advice }) => advice ?? '').join('\n') };
}

test('a line of nvidia-smi is read field by field, and what a device does not tell stays open', () => {
  expect(
    readSmi(true, 'NVIDIA L40, 580.126.09, 46068 MiB, 45563 MiB, 8.9\nTesla K80, 470.82.01, 11441 MiB, [N/A], [N/A]\n'),
  ).toEqual({
    kind: 'devices',
    devices: [
      { name: 'NVIDIA L40', driver: '580.126.09', memoryMb: 46068, freeMb: 45563, capability: '8.9' },
      { name: 'Tesla K80', driver: '470.82.01', memoryMb: 11441, freeMb: null, capability: null },
    ],
  });
});

test('what is no list of devices is handed on as it is', () => {
  for (const said of [
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.90',
    'Field "compute_cap" is not a valid field to query.',
  ]) {
    expect(readSmi(false, `${said}\n`)).toEqual({ kind: 'failed', message: said });
  }
  expect(readSmi(true, 'No devices were found')).toEqual({ kind: 'failed', message: 'No devices were found' });
});

test('a GPU in order: device, memory growth, driver and libraries, and nothing to do', () => {
  const { lines, advice } = report({});
  expect(lines).toEqual({
    GPU: 'ok: NVIDIA L4, 22.5 GB, 22.0 GB free, compute capability 8.9',
    'GPU memory': 'ok: taken as a training needs it (memory growth)',
    driver: 'ok: 550.90.07',
    CUDA: `ok: ${CUDA_WHEELS.length} NVIDIA libraries (/cache/native/nvidia)`,
  });
  expect(advice.trim()).toBe('');
});

test('a newer GPU than the kernels were built for needs a driver that compiles them', () => {
  const h100 = (driver: string) => readSmi(true, `NVIDIA H100 80GB HBM3, ${driver}, 81559 MiB, 81004 MiB, 9.0`);
  const good = report({ smi: h100('580.82.07') });
  expect(good.lines.GPU).toMatch(/^ok: NVIDIA H100 80GB HBM3, 79\.6 GB, .*compiled at the first use and kept in /);
  expect(good.lines.driver).toBe('ok: 580.82.07');
  const old = report({ smi: h100('535.183.01') });
  expect(old.lines.driver).toBe('warn: 535.183.01');
  expect(old.advice).toMatch(/needs driver 555\.42\.02 or later for CUDA 12\.5/);
  expect(report({ smi: readSmi(true, 'NVIDIA L4, 535.183.01, 23034 MiB, 22563 MiB, 8.9') }).lines.driver).toMatch(
    /^ok/,
  );
});

test('GPUs outside the range of the kernels are named, each with what it means', () => {
  const smi = readSmi(
    true,
    'Tesla M60, 525.147.05, 7680 MiB, 7600 MiB, 5.2\nNVIDIA GeForce RTX 5070 Ti, 580.95.05, 16303 MiB, 15900 MiB, 12.0',
  );
  const findings = describeGpu({ ...healthy, smi }).filter(({ name }) => name === 'GPU');
  expect(findings.map(({ status }) => status)).toEqual(['warn', 'warn']);
  expect(findings[0]?.advice).toMatch(/from compute capability 6\.0 on/);
  expect(findings[1]?.advice).toMatch(/up to compute capability 9\.0/);
});

test('a GPU whose memory somebody else holds', () => {
  const { lines, advice } = report({ smi: readSmi(true, 'NVIDIA L4, 550.90.07, 23034 MiB, 300 MiB, 8.9') });
  expect(lines['GPU memory']).toMatch(/^warn/);
  expect(advice).toMatch(/Only 300 MB are free/);
});

test('each NVIDIA library that is not there is named, with the command that gets it', () => {
  const wheels = CUDA_WHEELS.filter(({ project }) => /cudnn|cusolver/.test(project));
  const { lines, advice } = report({ cuda: { folder: '', wheels, links: ['nvrtc'] } });
  expect(lines.CUDA).toBe(
    'warn: not there: libcudnn.so.9 (nvidia-cudnn-cu12 9.3.0.75), libcusolver.so.11 (nvidia-cusolver-cu12 11.6.3.83), nvrtc',
  );
  expect(advice).toMatch(/npm run setup -- --gpu gets them \(a download of 0\.7 GB\)/);
});

test('a driver that is missing, broken, too old, or only half in the container', () => {
  const absent = report({ smi: { kind: 'absent' } });
  expect(absent.lines.driver).toBe('warn: there is no nvidia-smi');
  expect(absent.advice).toMatch(/driver 525\.60\.13 or later.*NVIDIA_DRIVER_CAPABILITIES=compute,utility/);
  const broken = report({ smi: readSmi(false, 'Failed to initialize NVML: Driver/library version mismatch') });
  expect(broken.lines.driver).toMatch(/^warn: Failed to initialize NVML/);
  expect(broken.advice).toMatch(/restart the machine/);
  const old = report({ smi: readSmi(true, 'Tesla T4, 470.223.02, 15109 MiB, 15000 MiB, 7.5') });
  expect(old.advice).toMatch(/needs driver 525\.60\.13 or later/);
  const half = report({ driverLacks: ['libcuda.so.1'] });
  expect(half.lines.driver).toBe('warn: 550.90.07, without libcuda.so.1');
});

test('no GPU: one line where none is wanted, and what is prepared where one was asked for', () => {
  expect(report({ present: false }).lines).toEqual({ GPU: 'ok: none; runs train on the processor' });
  const asked = report({ present: false, asked: '1' });
  expect(asked.lines.GPU).toBe('warn: none');
  expect(asked.lines.CUDA).toMatch(/^ok/);
  expect(report({ asked: '0' }).lines).toEqual({ GPU: 'warn: NVIDIA, switched off' });
  expect(report({ arch: 'arm64' }).advice).toMatch(/no GPU kernels for arm64/);
});

test('on this machine every library is missed in an empty cache, and none is asked for without a GPU', async () => {
  const findings = await gpuFindings(temporaryFolder());
  const cuda = findings.find(({ name }) => name === 'CUDA');
  if (!wantsGpu()) expect(findings).toEqual([expect.objectContaining({ name: 'GPU', status: 'ok' })]);
  else for (const { project } of CUDA_WHEELS) expect(cuda?.value).toContain(project);
});

test('a GPU is any numbered NVIDIA device, the control device alone is none', () => {
  const devices = temporaryFolder();
  mkdirSync(join(devices, 'nvidia-caps'));
  for (const name of ['nvidiactl', 'nvidia-uvm', 'null']) writeFileSync(join(devices, name), '');
  expect(hasGpu(devices)).toBe(false);
  writeFileSync(join(devices, 'nvidia3'), '');
  expect(hasGpu(devices)).toBe(true);
});
