import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { openS3Store } from '../../infra/clients/s3-store.ts';
import {
  atStep,
  cleanUp,
  journalOf,
  newRun,
  open,
  resultOf,
  startContainer,
  stateOf,
  until,
} from '../../infra/test/container.ts';
import { startFaultProxy } from '../../infra/test/fault-proxy.ts';

afterAll(cleanUp);
const s3 = inject('s3');

describe.runIf(s3)('storage over a bad line', () => {
  it('loses nothing and costs no step when it is down for a while, in the middle of writes', async () => {
    if (!s3) return;
    const proxy = await startFaultProxy(s3.endpoint);
    try {
      const options = {
        bucket: s3.bucket,
        region: s3.region,
        accessKeyId: s3.accessKeyId,
        secretAccessKey: s3.secretAccessKey,
      };
      const direct = openS3Store({ ...options, endpoint: s3.endpoint });
      const shaky = openS3Store({ ...options, endpoint: proxy.url, retryForMs: 100 });
      const calm = await newRun(open());
      await startContainer(open(), calm).exitCode;
      const undisturbed = resultOf(await journalOf(open(), calm), await stateOf(calm));
      const runId = await newRun(direct);
      const container = startContainer(shaky, runId, { stepMs: 20 });
      await until(runId, atStep('METRICS', 7), direct);
      // First replies get lost though the server has acted, then nothing gets through, then all is well.
      proxy.onRequest((_, count) => (count <= 8 ? 'lose' : 503));
      while (!container.lines.some((line) => line.includes('storage does not answer'))) await setTimeout(10);
      await setTimeout(1_500);
      proxy.onRequest(() => null);
      expect(await container.exitCode, container.lines.join('\n')).toBe(0);
      const events = await journalOf(openS3Store({ ...options, endpoint: s3.endpoint }), runId);
      const state = await stateOf(runId, direct);
      expect(resultOf(events, state)).toEqual(undisturbed);
      expect(state.attempts).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });
});
