import { afterAll, describe, expect, inject, it } from 'vitest';
import { openS3Store } from '../../infra/clients/s3-store.ts';
import { atStep, cleanUp, newRun, startContainer, stateOf, until } from '../../infra/test/container.ts';
import { startFaultProxy } from '../../infra/test/fault-proxy.ts';

afterAll(cleanUp);
const s3 = inject('s3');

describe.runIf(s3)('a container whose host goes away while storage hangs', () => {
  it('is gone within 25 seconds, and the run goes on elsewhere', async () => {
    if (!s3) return;
    const { endpoint, ...options } = s3;
    const proxy = await startFaultProxy(endpoint);
    try {
      const direct = openS3Store({ ...options, endpoint });
      const hanging = openS3Store({ ...options, endpoint: proxy.url, retryForMs: 2_000 });
      const runId = await newRun(direct, { steps: 100_000 });
      const container = startContainer(hanging, runId, { stepMs: 20 });
      await until(runId, atStep('METRICS', 7), direct);
      await until(runId, atStep('CHECKPOINT_SEALED', 0), direct);
      proxy.onRequest(() => 'stall');
      const lost = performance.now();
      container.lose();
      expect(await container.exitCode, container.lines.join('\n')).toBe(75);
      expect(performance.now() - lost).toBeLessThan(25_000);

      const before = (await stateOf(runId, direct)).checkpoints.at(-1)?.step;
      const next = startContainer(direct, runId, { stepMs: 20 });
      await until(runId, (event) => event.type === 'TRAINING_STARTED' && event.attempt === 2, direct);
      expect((await stateOf(runId, direct)).attempts.at(-1)?.resumedFromStep).toBe(before);
      next.lose();
      expect(await next.exitCode).toBe(75);
    } finally {
      await proxy.close();
    }
  });

  it('is gone at once where it has no attempt yet', async () => {
    if (!s3) return;
    const { endpoint, ...options } = s3;
    const proxy = await startFaultProxy(endpoint);
    try {
      const direct = openS3Store({ ...options, endpoint });
      const runId = await newRun(direct);
      let hangs = () => {};
      const hung = new Promise<void>((resolve) => {
        hangs = resolve;
      });
      proxy.onRequest(() => {
        hangs();
        return 'stall';
      });
      const container = startContainer(openS3Store({ ...options, endpoint: proxy.url }), runId);
      await hung;
      const lost = performance.now();
      container.lose();
      expect(await container.exitCode).toBe(75);
      expect(performance.now() - lost).toBeLessThan(2_000);
    } finally {
      await proxy.close();
    }
  });
});
