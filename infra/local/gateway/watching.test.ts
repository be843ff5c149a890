import { afterEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../graph/live/deliver.ts';
import { watch } from './collect.ts';
import { ended, metrics, type Rig, startRig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.close());

describe('watching a run', () => {
  it('sends the history at once, then what is appended, and completes when the run ends', async () => {
    rig = await startRig();
    const run = await rig.newRun();
    await rig.say(run, metrics(1), metrics(2));
    const watching = watch(rig.client(), run);
    await watching.until(() => watching.steps().length === 2);
    await rig.say(run, metrics(3));
    await deliver(rig.live, run);
    await rig.say(run, ended);
    await deliver(rig.live, run);
    await watching.completed;
    expect(watching.steps()).toEqual([1, 2, 3]);
    expect(rig.warnings).toEqual([]);
  });
});
