import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './json.ts';
import { keys, projectOfRun, RUN_ID } from './keys.ts';
import { newId, randomText } from './new-id.ts';

const runId = 'lab-0123456789abcdefgh';
const random = (bytes: number) => Uint8Array.from({ length: bytes }, (_, index) => (index * 73) % 256);

describe('keys', () => {
  it('of segments are in the order of their positions, and lead back to them', () => {
    const positions = [1, 9, 10, 99, 100, 123_456, 9_999_999_999];
    const made = positions.map((position) => keys.segment(runId, position));
    expect(made.toSorted()).toEqual(made);
    expect(made.map(keys.positionOf)).toEqual(positions);
    expect(made.map(keys.runOfSegment)).toEqual(positions.map(() => runId));
    for (const key of [keys.head(runId), keys.spec(runId), `${keys.journal(runId)}packs/1-2`]) {
      expect([keys.positionOf(key), keys.runOfSegment(key)]).toEqual([null, null]);
    }
  });

  it('of a run and its markers all lie in its project, and no two are the same', () => {
    const made = [
      ...[keys.spec(runId), keys.head(runId), keys.deleted(runId), keys.launch(runId, 1), keys.launch(runId, 11)],
      ...[
        keys.segment(runId, 1),
        keys.checkpoint(runId, 1, 1),
        keys.sample(runId, 1, 1, 'ema'),
        keys.logChunk(runId, 1, 1),
        keys.file(runId, 1, 'tfjs/model.json'),
        keys.file(runId, 2, 'tfjs/model.json'),
      ],
      ...[keys.index(runId), keys.open(runId), keys.tombstone(runId), keys.measured('lab', runId)],
    ];
    expect(new Set(made).size).toBe(made.length);
    for (const key of made) expect(key.startsWith('projects/lab/')).toBe(true);
    expect(projectOfRun(runId)).toBe('lab');
  });

  it('of log chunks are in reading order', () => {
    const made = [keys.logChunk(runId, 2, 99), keys.logChunk(runId, 2, 100), keys.logChunk(runId, 10, 1)];
    expect(made.toSorted()).toEqual(made);
  });

  it('of data sets are shared for ids without a hyphen, and else of the project the id begins with', () => {
    expect(keys.datasetManifest('digits')).toBe('shared/datasets/digits/manifest.json');
    expect(keys.datasetManifest('lab-my-photos-x1')).toBe('projects/lab/datasets/lab-my-photos-x1/manifest.json');
  });

  it('of connections hold any id, and lead back from an operation', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
        const key = keys.connectionOperation('a/b', id);
        expect(keys.operationOf(key)).toBe(id);
      }),
    );
    expect(keys.operationOf(keys.connection('c'))).toBeNull();
  });
});

describe('new ids', () => {
  it('have the shape of run ids and sort newest first', () => {
    const times = [0, 1, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 1, Date.UTC(2500, 0, 1)];
    const ids = times.map((time) => newId({ now: () => new Date(time), random }, 'lab'));
    for (const id of ids) expect(id).toMatch(RUN_ID);
    expect(ids.toSorted().toReversed()).toEqual(ids);
  });

  it('are made of lower-case letters and digits', () => {
    expect(randomText({ random }, 500)).toMatch(/^[0-9a-z]{500}$/);
  });
});

describe('canonical JSON', () => {
  it('is the same for the same meaning, and another for another', () => {
    expect(canonicalJson({ b: 1, a: { d: null, c: [2, 1] }, e: undefined })).toBe('{"a":{"c":[2,1]},"b":1}');
    expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
    expect(canonicalJson({ a: 0 })).not.toBe(canonicalJson({}));
    expect(canonicalJson({ a: '' })).not.toBe(canonicalJson({}));
  });
});
