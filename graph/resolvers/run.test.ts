import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, dataOf, rewoundRun } from '../../functions/testing/asking.ts';
import { attemptStarted, metrics, sample, trainingStarted } from '../../functions/testing/events.ts';
import { at, ORIGIN, openWorld, stranger, type World } from '../../functions/testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const data = (source: string, variables?: Record<string, unknown>) => dataOf(world, source, variables);
const codeOf = (source: string, variables?: Record<string, unknown>) => codesOf(world, source, variables);
const rewound = () => rewoundRun(world);

describe('a run', () => {
  it('is what its spec and its journal say', async () => {
    const run = await world.newRun('first light');
    await world.say(run, attemptStarted(1), trainingStarted(1, 0), metrics(25, { 'loss/generator': 1.5 }));
    const { run: found } = await data(`{ run(id: "${run}") {
      id task name phase createdBy step kimg progress labels notes pinned createdAt startedAt endedAt
      project { id name role } cost { usd usdPerHour capUsd } phases { phase startedAt endedAt }
      spec { preset seed kimg batchSize steps model { architecture generatorChannels generatorWidths }
        dataset { id images classes bytes source skipped { name reason } skippedTotal } }
      dataset { id } attempts { number launch costUsd trainerVersion device exact differs endReason { code } }
      summary { name value nonFinite step } latestSample { id } latestCheckpoint { id }
    } }`);
    expect(found).toMatchObject({
      id: run,
      task: 'TRAIN',
      name: 'first light',
      phase: 'RUNNING',
      createdBy: 'ada',
      step: 25,
      progress: 0.25,
      endedAt: null,
      project: { id: 'lab', name: 'Laboratory', role: 'ADMIN' },
      spec: {
        preset: 'article-dcgan',
        seed: 7,
        steps: 100,
        model: { architecture: 'DCGAN', generatorWidths: null },
        dataset: { id: 'digits', images: 10_000, bytes: 7_840_128, source: 'mnist', skippedTotal: 1 },
      },
      dataset: { id: 'digits' },
      attempts: [{ number: 1, launch: 1, device: 'CPU', exact: false, differs: ['threads'], endReason: null }],
      summary: [{ name: 'loss/generator', value: 1.5, nonFinite: null, step: 25 }],
      latestSample: null,
      latestCheckpoint: null,
    });
    expect(found.phases.map(({ phase }: { phase: string }) => phase)).toEqual(['QUEUED', 'RUNNING']);
  });

  it('is null to those who may not see it, and so are its parts', async () => {
    const run = await rewound();
    const ids = [run, `${run}~sample~10~1~ema`, `${run}~checkpoint~30~1`, 'lab'];
    for (const id of ids) {
      expect((await data('query ($id: ID!) { node(id: $id) { id } }', { id })).node).toEqual({ id });
      const hidden = await world.query(
        'query ($id: ID!) { node(id: $id) { id } run(id: $id) { id } }',
        { id },
        stranger,
      );
      expect(hidden).toEqual({ data: { node: null, run: null } });
    }
  });

  it('with numbers that are not finite says which they were', async () => {
    const run = await world.newRun();
    await world.say(run, attemptStarted(1), metrics(1, { a: 'NaN', b: 'Infinity', c: '-Infinity', d: 0 }));
    const { run: found } = await data(`{ run(id: "${run}") { summary { name value nonFinite } } }`);
    expect(found.summary).toEqual([
      { name: 'a', value: null, nonFinite: 'NAN' },
      { name: 'b', value: null, nonFinite: 'POSITIVE_INFINITY' },
      { name: 'c', value: null, nonFinite: 'NEGATIVE_INFINITY' },
      { name: 'd', value: 0, nonFinite: null },
    ]);
  });
});

describe('series of metrics', () => {
  it('leave out what was rewound, in buckets no more than asked for', async () => {
    const run = await rewound();
    const { run: found } = await data(`{ run(id: "${run}") {
      all: metrics { name points { start width step last count } }
      few: metrics(buckets: 2) { points { start width step last min max mean count nonFinite } }
      none: metrics(names: ["loss/discriminator"]) { name }
      part: metrics(from: 15, to: 35) { points { step } }
    } }`);
    expect(found.all[0].points.map(({ step, last }: { step: number; last: number }) => [step, last])).toEqual([
      [10, 10],
      [20, 20],
      [30, 30],
      [40, 40.5],
      [50, 50.5],
    ]);
    expect(found.few[0].points).toEqual([
      { start: 0, width: 32, step: 30, last: 30, min: 10, max: 30, mean: 20, count: 3, nonFinite: 0 },
      { start: 32, width: 32, step: 50, last: 50.5, min: 40.5, max: 50.5, mean: 45.5, count: 2, nonFinite: 0 },
    ]);
    expect(found.none).toEqual([]);
    expect(found.part[0].points).toEqual([{ step: 20 }, { step: 30 }]);
  });

  it('of impossible ranges and bucket counts are refused, at the argument', async () => {
    const run = await world.newRun();
    const field = (args: string) => `{ run(id: "${run}") { metrics(${args}) { name } } }`;
    expect(await codeOf(field('buckets: 0'))).toEqual([['BAD_USER_INPUT', ['buckets'], 'metrics']]);
    expect(await codeOf(field('buckets: 2001'))).toEqual([['BAD_USER_INPUT', ['buckets'], 'metrics']]);
    expect(await codeOf(field('from: 9, to: 8'))).toEqual([['BAD_USER_INPUT', ['from'], 'metrics']]);
  });
});

describe('sample sheets', () => {
  interface Sheets {
    readonly edges: readonly {
      readonly cursor: string;
      readonly node: { readonly step: number; readonly set: string };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string };
  }
  const read = async (run: string, args: string): Promise<Sheets> => {
    const found = await data(`{ run(id: "${run}") { samples(${args}) {
      edges { cursor node { step set } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`);
    return found.run.samples;
  };
  const names = ({ edges }: Sheets): string[] => edges.map(({ node }) => `${node.set}@${node.step}`);

  it('come newest first or oldest first, without those rewound', async () => {
    const run = await rewound();
    expect(names(await read(run, 'first: 3'))).toEqual(['ema@50', 'ema@40', 'raw@30']);
    expect(names(await read(run, 'first: 3, order: OLDEST_FIRST'))).toEqual(['ema@10', 'raw@10', 'ema@20']);
    expect(names(await read(run, 'first: 9, set: "raw"'))).toEqual(['raw@30', 'raw@20', 'raw@10']);
    expect(names(await read(run, 'first: 9, from: 20, to: 40, set: "ema"'))).toEqual(['ema@40', 'ema@30', 'ema@20']);
  });

  it.each(['NEWEST_FIRST', 'OLDEST_FIRST'])('are all met once when paged through %s', async (order) => {
    const run = await rewound();
    const whole = names(await read(run, `first: 100, order: ${order}`));
    expect(whole).toHaveLength(8);
    const paged: string[] = [];
    let after = '';
    for (let more = true; more; ) {
      const page = await read(run, `first: 3, order: ${order}${after && `, after: "${after}"`}`);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== '');
      paged.push(...names(page));
      more = page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    }
    expect(paged).toEqual(whole);
  });

  it('of a slider are the first of each window, the same in both directions', async () => {
    const run = await rewound();
    const rising = names(await read(run, 'every: 20, set: "ema", order: OLDEST_FIRST'));
    expect(rising).toEqual(['ema@10', 'ema@20', 'ema@40']);
    expect(names(await read(run, 'every: 20, set: "ema"'))).toEqual(rising.toReversed());
  });

  it('are read from the history once there are more than a head keeps', async () => {
    const run = await world.newRun();
    await world.say(run, attemptStarted(1));
    await world.say(run, ...Array.from({ length: 90 }, (_, step) => sample(run, step)));
    const page = await read(run, 'first: 100');
    expect(names(page)).toHaveLength(90);
    const last = await read(run, `first: 5, after: "${page.edges[87]?.cursor}"`);
    expect(names(last)).toEqual(['ema@1', 'ema@0']);
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('have links that begin with the origin the client used, refetched by their id', async () => {
    const run = await rewound();
    const { run: found } = await data(
      `{ run(id: "${run}") { latestSample { id url expiresAt step sha256 columns } } }`,
    );
    expect(found.latestSample.url.startsWith(`${ORIGIN}/`)).toBe(true);
    expect(new Date(found.latestSample.expiresAt).getTime()).toBeGreaterThan(Date.now());
    const { node } = await data(`{ node(id: "${found.latestSample.id}") { ... on SampleSheet { url step } } }`);
    expect(node).toEqual({ url: found.latestSample.url, step: 50 });
  });

  it('are refused in pages of impossible length and after foreign cursors', async () => {
    const run = await world.newRun();
    const field = (args: string) => `{ run(id: "${run}") { samples(${args}) { pageInfo { endCursor } } } }`;
    expect(await codeOf(field('first: -1'))).toEqual([['BAD_USER_INPUT', ['first'], 'samples']]);
    expect(await codeOf(field('first: 101'))).toEqual([['BAD_USER_INPUT', ['first'], 'samples']]);
    expect(await codeOf(field('after: "x"'))).toEqual([['BAD_USER_INPUT', ['after'], 'samples']]);
    expect(await codeOf(field('every: 0'))).toEqual([['BAD_USER_INPUT', ['every'], 'samples']]);
    expect((await data(field('first: 0'))).run.samples).toEqual({ pageInfo: { endCursor: null } });
  });
});

describe('checkpoints', () => {
  it('carry sizes beyond 32 bits and can be fetched again', async () => {
    const run = await rewound();
    const { run: found } = await data(
      `{ run(id: "${run}") { checkpoints { edges { node { id step bytes sealedAt pinned deletedAfter trigger } } } } }`,
    );
    const [edge] = found.checkpoints.edges;
    expect(edge.node).toMatchObject({ step: 30, bytes: 5e9, sealedAt: at(40), pinned: false, deletedAfter: null });
    expect((await data(`{ node(id: "${edge.node.id}") { __typename id } }`)).node).toEqual({
      __typename: 'Checkpoint',
      id: edge.node.id,
    });
  });
});
