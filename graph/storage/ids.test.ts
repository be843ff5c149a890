import { describe, expect, it } from 'vitest';
import { checkpointId, parseNodeId, sampleId } from './ids.ts';

const runId = 'lab-0123456789abcdefgh';

describe('ids', () => {
  it('of things in a run lead back to them, whatever the name of the set', () => {
    for (const set of ['ema', 'a~b', 'ünï/../x', '100%']) {
      const ref = { runId, step: 30, attempt: 2, set };
      expect(parseNodeId(sampleId(runId, ref))).toEqual({ kind: 'sample', ...ref });
    }
    expect(parseNodeId(checkpointId(runId, { step: 30, attempt: 2 }))).toEqual({
      kind: 'checkpoint',
      runId,
      step: 30,
      attempt: 2,
    });
  });

  it('of runs, projects and data sets are their own', () => {
    expect(parseNodeId(runId)).toEqual({ kind: 'run', runId });
    expect(parseNodeId('digits')).toEqual({ kind: 'name', name: 'digits' });
    expect(parseNodeId('lab-photos-x1y2')).toEqual({ kind: 'name', name: 'lab-photos-x1y2' });
  });

  it('of no kind are none', () => {
    const strange = ['', '../x', 'Lab', `${runId}~sample~-1~1~ema`, `${runId}~sample~1~1`, `${runId}~sample~1~1~%`];
    strange.push(`${runId}~checkpoint~1~1~x`, `${runId}~other~1~1`, 'lab~sample~1~1~ema', 'x'.repeat(100));
    expect(strange.filter((id) => parseNodeId(id) !== null)).toEqual([]);
  });
});
