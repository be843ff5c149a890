/** Trainings that cannot be meant, and what is said about each; starts nothing. */

export interface BadLaunch {
  readonly name: string;
  /** Laid over a training that would be launched. */
  readonly training?: Readonly<Record<string, unknown>>;
  /** Laid over the whole input. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** `path CODE` of each issue, or the message of the error where GraphQL itself cannot read the input. */
  readonly answer: readonly string[] | RegExp;
}

const bad = (name: string, training: Readonly<Record<string, unknown>>, answer: BadLaunch['answer']): BadLaunch => ({
  name,
  training,
  answer,
});

export const BAD_LAUNCHES: readonly BadLaunch[] = [
  bad('an unknown field', { kimgs: 5 }, /Field "kimgs" is not defined by type "TrainingInput". Did you mean "kimg"/),
  bad('an unknown field deep inside', { model: { zz: 1 } }, /Field "zz" is not defined by type "ModelInput"/),
  bad('a number as text', { kimg: '5' }, /Float cannot represent non numeric value: "5"/),
  bad('not a number', { kimg: 'NaN' }, /Float cannot represent non numeric value: "NaN"/),
  bad('half an image', { batchSize: 16.5 }, /Int cannot represent non-integer value: 16.5/),
  bad('a batch beyond 32 bits', { batchSize: 2 ** 31 }, /Int cannot represent non 32-bit signed integer value/),
  bad('a list for a number', { kimg: [1] }, /Float cannot represent non numeric value/),
  bad('an object for a name', { name: { a: 1 } }, /String cannot represent/),
  bad('no data set', { dataset: null }, /Expected non-nullable type "ID!" not to be null/),
  bad('an unknown loss', { loss: { kind: 'PERCEPTUAL' } }, /does not exist in "LossKind" enum/),
  bad('an empty data set', { dataset: '' }, ['training.dataset UNKNOWN_DATASET']),
  bad('a data set that climbs', { dataset: '../../etc/passwd' }, ['training.dataset UNKNOWN_DATASET']),
  bad('a data set of another project', { dataset: 'other-abc' }, ['training.dataset UNKNOWN_DATASET']),
  bad('an empty preset', { preset: '' }, ['training.preset UNKNOWN_PRESET']),
  bad('a preset by a property of objects', { preset: '__proto__' }, ['training.preset UNKNOWN_PRESET']),
  bad('no length', { kimg: 0 }, ['training.kimg OUT_OF_RANGE']),
  bad('a negative length', { kimg: -1 }, ['training.kimg OUT_OF_RANGE']),
  bad('a length without end', { kimg: 1e308 }, ['training.kimg OUT_OF_RANGE']),
  bad('a batch of one', { batchSize: 1 }, ['training.batchSize OUT_OF_RANGE']),
  bad('a huge batch', { batchSize: 2 ** 31 - 1 }, ['training.batchSize OUT_OF_RANGE']),
  bad('a long name', { name: 'n'.repeat(201) }, ['training.name TOO_LONG']),
  bad('a latent vector of nothing', { model: { latentSize: 0 } }, ['training.model.latentSize OUT_OF_RANGE']),
  bad('a generator of nothing', { model: { generatorChannels: [] } }, [
    'training.model.generatorChannels OUT_OF_RANGE',
  ]),
  bad('a stage of nothing', { model: { discriminatorChannels: [8, 0] } }, [
    'training.model.discriminatorChannels.1 OUT_OF_RANGE',
  ]),
  bad('a kernel of nothing', { model: { kernelSize: 0 } }, ['training.model.kernelSize OUT_OF_RANGE']),
  bad('dropping everything', { model: { dropout: 1 } }, ['training.model.dropout OUT_OF_RANGE']),
  bad('widths for convolutions', { model: { generatorWidths: [64] } }, [
    'training.model.generatorWidths DOES_NOT_FIT_MODEL',
  ]),
  bad('more memory than there is', { batchSize: 4096, model: { generatorChannels: [2048, 2048, 2048] } }, [
    'training.batchSize DOES_NOT_FIT_MEMORY',
  ]),
  bad('no learning', { optimizers: { generator: { learningRate: 0 } } }, [
    'training.optimizers.generator.learningRate OUT_OF_RANGE',
  ]),
  bad('endless memory of gradients', { optimizers: { discriminator: { beta1: 1, beta2: -1, epsilon: 0 } } }, [
    'training.optimizers.discriminator.beta1 OUT_OF_RANGE',
    'training.optimizers.discriminator.beta2 OUT_OF_RANGE',
    'training.optimizers.discriminator.epsilon OUT_OF_RANGE',
  ]),
  bad('ticks of nothing', { snapshots: { tickSteps: 0, columns: 0, rows: 100_000 } }, [
    'training.snapshots.tickSteps OUT_OF_RANGE',
    'training.snapshots.columns OUT_OF_RANGE',
    'training.snapshots.rows OUT_OF_RANGE',
  ]),
  bad('no threads and little memory', { resources: { threads: 0, memoryMb: 1 } }, [
    'training.resources.threads OUT_OF_RANGE',
    'training.resources.memoryMb OUT_OF_RANGE',
  ]),
  bad('no time', { limits: { maxRuntime: 0 } }, ['training.limits.maxRuntime OUT_OF_RANGE']),
  { name: 'an empty key', input: { idempotencyKey: '' }, answer: ['idempotencyKey REQUIRED'] },
  { name: 'a key without end', input: { idempotencyKey: 'k'.repeat(10_000) }, answer: ['idempotencyKey TOO_LONG'] },
  {
    name: 'no training',
    input: { training: null },
    answer: /Expected non-nullable type "TrainingInput!" not to be null/,
  },
];
