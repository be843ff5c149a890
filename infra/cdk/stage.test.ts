import { describe, expect, it } from 'vitest';
import { problemsOf, type Stage } from './stage.ts';
import { STAGES } from './stages.ts';

const [good] = STAGES as readonly [Stage, ...Stage[]];

describe('a stage', () => {
  it('is deployed where nothing is wrong with it, as those of the checkout', () => {
    expect(STAGES.map((stage) => problemsOf(stage))).toEqual(STAGES.map(() => []));
    expect(new Set(STAGES.map(({ name }) => name)).size).toBe(STAGES.length);
  });

  it('is told everything that is wrong at once, each with its path', () => {
    const problems = problemsOf({
      ...good,
      name: 'Prod-1',
      account: '12',
      region: 'Frankfurt',
      project: 'a-b',
      maxOpenRuns: 0,
      sizes: ['m7i-large', 'm7i-large', 'p5'],
      maxVcpus: 1,
      diskGib: 8,
      identity: { issuer: 'http://login', audience: '', admins: [] },
      alarmMail: 'nobody',
      monthlyBudgetUsd: 0,
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      ...['name', 'account', 'region', 'project'],
      ...['maxVcpus', 'sizes[1]', 'maxVcpus', 'sizes[2]', 'sizes'],
      ...['maxOpenRuns', 'diskGib', 'monthlyBudgetUsd'],
      ...['identity.issuer', 'identity.audience', 'identity.admins', 'alarmMail'],
    ]);
  });
});
