import { describe, expect, it } from 'vitest';
import { tinyTrainSpec } from '../../batch/trainer/testing/specs.ts';
import type { TrainSpec } from '../spec/spec.ts';
import { estimateOf, type Known } from './estimate.ts';
import { hashOf, type Measurement, placeOf } from './measured.ts';
import { machinesIn } from './prices.ts';

const machine = machinesIn('us-east-1').find(({ size, spot }) => size.id === 'g4dn-xlarge' && spot);
if (!machine) throw new Error('g4dn.xlarge has no price');
const resources = { threads: 4, gpus: 1, memoryMb: 15_360, instanceType: 'g4dn.xlarge', spot: true };
const spec = tinyTrainSpec({ steps: 1000, resources });
const other = tinyTrainSpec({ steps: 500, seed: 3, resources });

const measured = (of: TrainSpec, secondsPerStep: number): Measurement => ({
  ...{ runId: 'r', spec: hashOf(of), place: placeOf(of), secondsPerStep },
});
const estimate = (known: Partial<Known>, of = spec) =>
  estimateOf(of, { measured: [], stepFlops: null, ...known }, machine);

describe('an estimate', () => {
  it('rests on runs of the same spec on the same machine before all others', () => {
    const known = { measured: [measured(other, 9), measured(spec, 2), measured(spec, 3), measured(spec, 4)] };
    expect(estimate(known)).toMatchObject({
      basis: 'MEASURED_SAME_SPEC',
      seconds: { low: 1800, expected: 3000, high: 4600 },
    });
  });

  it('rests on runs of its kind else, whatever their length and seed', () => {
    expect(estimate({ measured: [measured(other, 2)], stepFlops: 1e9 })).toMatchObject({
      basis: 'MEASURED_SIMILAR',
      seconds: { low: 1600, expected: 2000, high: 2600 },
    });
  });

  it('has nothing from runs on other machines, and not from other ways of paying for this one', () => {
    const elsewhere = { ...spec, resources: { ...resources, instanceType: null, spot: null } };
    expect(estimate({ measured: [measured(elsewhere, 2)] })).toBeNull();
    const onDemand = { ...spec, resources: { ...resources, spot: false } };
    expect(estimate({ measured: [measured(onDemand, 2)] })?.basis).toBe('MEASURED_SAME_SPEC');
  });

  it('is wide where it rests on the number of operations alone', () => {
    const guess = estimate({ stepFlops: 1.6e12 });
    expect(guess).toMatchObject({ basis: 'MODEL', seconds: { low: 250, expected: 1000, high: 4000 } });
    // Two minutes for the start of the container.
    expect(guess?.costUsd?.expected).toBeCloseTo((1120 / 3600) * machine.usdPerHour, 9);
  });

  it('of a slot needs a measurement, and has a cost where the slot has a price', () => {
    const slot = { ...spec, resources: { ...resources, instanceType: null, spot: null } };
    expect(estimateOf(slot, { measured: [], stepFlops: 1e9 }, null)).toBeNull();
    const known = { measured: [measured(slot, 2)], stepFlops: 1e9 };
    expect(estimateOf(slot, known, null)).toMatchObject({ seconds: { expected: 2000 }, costUsd: null });
    expect(estimateOf(slot, known, null, 36)?.costUsd?.expected).toBeCloseTo(21.2, 9);
  });
});
