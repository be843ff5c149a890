import { readFileSync } from 'node:fs';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { coordinatesOf } from './coordinates.ts';
import { typeDefs } from './schema.gen.ts';
import { schema } from './schema.ts';

/** Every element with its description. */
function described(): { coordinate: string; description: string | null | undefined }[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
    .flatMap((type) => {
      const self = { coordinate: type.name, description: type.description };
      if (isEnumType(type)) return [self, ...type.getValues().map((value) => below(type.name, value))];
      if (isInputObjectType(type))
        return [self, ...Object.values(type.getFields()).map((field) => below(type.name, field))];
      if (!isObjectType(type) && !isInterfaceType(type)) return [self];
      const fields = Object.values(type.getFields()).flatMap((field) => {
        const own = below(type.name, field);
        return [own, ...field.args.map((argument) => below(own.coordinate, argument))];
      });
      return [self, ...fields];
    });
}

function below(parent: string, element: { name: string; description?: string | null | undefined }) {
  return { coordinate: `${parent}.${element.name}`, description: element.description };
}

describe('the schema', () => {
  it('describes every type, field, argument, value and input in a sentence', () => {
    const all = described();
    expect(all.length).toBeGreaterThan(400);
    // A sentence or a noun phrase begins with a capital, a digit or code, and ends.
    const poor = all.filter(({ description }) => !/^[A-Z0-9`][\s\S]*[.:?…]$/.test(description ?? ''));
    expect(poor).toEqual([]);
  });

  it('has the descriptions of its text also where code takes the place of a scalar', () => {
    const text = buildSchema(typeDefs);
    for (const name of ['DateTime', 'Step', 'Long']) {
      expect(schema.getType(name)?.description).toBe(text.getType(name)?.description);
    }
  });

  it('keeps every promise made to clients outside this repository, name and type', () => {
    const promised = readFileSync(new URL('./promised.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    const real = new Set(coordinatesOf(schema));
    expect(promised.length).toBeGreaterThan(400);
    expect(promised.filter((coordinate) => !real.has(coordinate))).toEqual([]);
  });

  it('gives every result of a mutation that can fail a sentence that all its failures share', () => {
    const userErrors = schema.getPossibleTypes(schema.getType('UserError') as never).map(({ name }) => name);
    expect(userErrors.sort()).toEqual(
      [
        'BudgetTooLow',
        'Forbidden',
        'IdempotencyConflict',
        'InvalidState',
        'NotFound',
        'QuotaExceeded',
        'ValidationFailed',
      ].sort(),
    );
  });

  it('mirrors the input of a training in its spec, field for field', () => {
    const fieldsOf = (name: string): string[] => {
      const type = schema.getType(name);
      return isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : [];
    };
    const pairs = [
      ['TrainingInput', 'TrainingSpec'],
      ['ModelInput', 'ModelSpec'],
      ['LossInput', 'LossSpec'],
      ['RegularizerInput', 'RegularizerSpec'],
      ['EmaInput', 'EmaSpec'],
      ['ScheduleInput', 'ScheduleSpec'],
      ['OptimizersInput', 'OptimizersSpec'],
      ['AdamInput', 'AdamSpec'],
      ['SnapshotsInput', 'SnapshotsSpec'],
      ['ResourcesInput', 'ResourcesSpec'],
      ['LimitsInput', 'LimitsSpec'],
    ] as const;
    for (const [input, spec] of pairs) {
      const missing = fieldsOf(input).filter((field) => !fieldsOf(spec).includes(field));
      // A run has its name beside the spec, because it may change.
      expect([input, missing]).toEqual([input, input === 'TrainingInput' ? ['name'] : []]);
      expect(fieldsOf(input).length).toBeGreaterThan(0);
    }
  });
});
