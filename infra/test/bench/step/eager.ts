/**
 * TensorFlow.js as a contender: `tsx eager.ts NATIVE_FOLDER`. Its core operations, tape and optimizer, eager, as the stock
 * package runs them; written from the papers, for DCGANs.
 */
import { loadEager } from '../../../../batch/engine/executors/tensorflow/eager.ts';
import type { TensorValue } from '../../../../batch/engine/session.ts';
import type { ModelSpec } from '../../../../graph/spec/spec.ts';
import type { Workload } from '../../peers/workload.ts';
import { type Peer, serve } from './serve.ts';

const tf = loadEager(process.argv[2] ?? '');
type Tensor = ReturnType<typeof tf.tensor>;
/** `[n, h, w, c]`, or a kernel. */
type Tensor4D = ReturnType<typeof tf.tensor4d>;
type Tensor1D = ReturnType<typeof tf.tensor1d>;
type Variable = ReturnType<typeof tf.variable>;
type Adam = ReturnType<typeof tf.train.adam>;
/** By the names of variables; TF.js's types ask for variables where it takes tensors. */
type Gradients = Parameters<Adam['applyGradients']>[0];
type Player = 'discriminator' | 'generator';
const PLAYERS: readonly Player[] = ['discriminator', 'generator'];

/** Dropout masks by layer; null where they are to be drawn. */
type Masks = ReadonlyMap<string, Tensor> | null;

let workload: Workload;
let model: Extract<ModelSpec, { architecture: 'DCGAN' }>;
let variables = new Map<string, Variable>();
let weights: Record<Player, readonly Variable[]>;
let adam: Record<Player, Adam>;
let real: Tensor;
/** D's logits of real images, which a gradient's own scope would free before the loss needs them. */
let kept: Tensor = tf.scalar(0);

const peer: Peer = {
  open(wanted) {
    if (wanted.model.architecture !== 'DCGAN') throw new RangeError('DCGANs only');
    workload = wanted;
    model = wanted.model;
    real = tf.randomUniform([workload.batch, ...workload.image], -1, 1);
  },

  async load(state, step) {
    variables = new Map();
    for (const [name, value] of state) {
      if (!name.startsWith('adam/')) variables.set(name, tf.variable(tensorOf(value), true, name));
    }
    const names = (player: Player) =>
      [...variables.keys()].filter((name) => name.startsWith(player) && state.has(`adam/${name}/first`));
    const of = async (player: Player) => {
      const { learningRate, beta1, beta2, epsilon } = workload.optimizers[player];
      const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
      const moments = ['first', 'second'].flatMap((which) =>
        names(player).map((name) => ({ name, tensor: tensorOf(state.get(`adam/${name}/${which}`)) })),
      );
      await optimizer.setWeights([{ name: 'iter', tensor: tf.scalar(step - 1, 'int32') }, ...moments]);
      return optimizer;
    };
    weights = {
      discriminator: names('discriminator').map((name) => variable(name)),
      generator: names('generator').map((name) => variable(name)),
    };
    adam = { discriminator: await of('discriminator'), generator: await of('generator') };
  },

  state() {
    const state = new Map<string, TensorValue>();
    const add = (name: string, tensor: Tensor) =>
      state.set(name, { dtype: 'float32', shape: tensor.shape, data: tensor.dataSync() as Float32Array });
    for (const [name, value] of variables) add(name, value);
    for (const player of PLAYERS) {
      // Adam's getWeights is asynchronous for its counter's sake alone; the moments are here.
      const { accumulatedFirstMoment, accumulatedSecondMoment } = adam[player] as unknown as Moments;
      weights[player].forEach(({ name }, index) => {
        const [first, second] = [accumulatedFirstMoment[index], accumulatedSecondMoment[index]];
        if (first && second) {
          add(`adam/${name}/first`, first.variable);
          add(`adam/${name}/second`, second.variable);
        }
      });
    }
    return state;
  },

  step(given) {
    return tf.tidy(() => {
      const masks = (player: Player): Masks => {
        const prefix = `mask/${player}/`;
        const own = [...given].filter(([name]) => name.startsWith(prefix));
        return new Map(own.map(([name, value]) => [name.slice(prefix.length), tensorOf(value)]));
      };
      const noise = (player: Player) => tensorOf(given.get(`noise/${player}`));
      return train(tensorOf(given.get('real')), noise, masks);
    });
  },

  randomStep() {
    tf.tidy(() => {
      train(
        real,
        () => tf.randomNormal([workload.batch, model.latentSize]),
        () => null,
      );
    });
  },
};

interface Moments {
  readonly accumulatedFirstMoment: readonly { readonly variable: Variable }[];
  readonly accumulatedSecondMoment: readonly { readonly variable: Variable }[];
}

function train(images: Tensor, noise: (player: Player) => Tensor, masks: (player: Player) => Masks) {
  const fake = generator(noise('discriminator'), false);
  const lossD = descend('discriminator', () => discriminatorLoss(images, fake, masks('discriminator')));
  const lossG = descend('generator', () =>
    softplusMean(discriminator(generator(noise('generator'), true), masks('generator')).neg()),
  );
  return { lossD, lossG };
}

function descend(player: Player, loss: () => Tensor): number {
  const { value, grads } = tf.variableGrads(() => loss().asScalar(), [...weights[player]]);
  adam[player].applyGradients(grads as Gradients);
  kept.dispose();
  return value.dataSync()[0] ?? Number.NaN;
}

function discriminatorLoss(images: Tensor, fake: Tensor, masks: Masks): Tensor {
  const { batch, regularizer } = workload;
  if (regularizer.kind === 'NONE') {
    const [ofReal, ofFake] = tf.split(discriminator(tf.concat([images, fake]), masks), 2);
    if (!ofReal || !ofFake) throw new RangeError('half a batch');
    return softplusMean(ofReal.neg()).add(softplusMean(ofFake));
  }
  // Mescheder et al. 2018, equation 9; the logits inside are those of the loss.
  const slope = tf.grad((x) => {
    kept = tf.keep(discriminator(x, masks));
    return kept.sum();
  })(images);
  const penalty = slope
    .square()
    .sum()
    .mul(regularizer.gamma / 2 / batch);
  return softplusMean(kept.neg())
    .add(softplusMean(discriminator(fake, masks)))
    .add(penalty);
}

function generator(z: Tensor, observe: boolean): Tensor {
  const [height, width, channels] = workload.image;
  const outputs = [...model.generatorChannels.slice(1), channels];
  const side = (length: number, stage: number) => Math.ceil(length / 2 ** (outputs.length - stage));
  const start = norm('generator/norm', z.matMul(variable('generator/dense/kernel')), observe);
  let x = start.reshape([workload.batch, side(height, 0), side(width, 0), model.generatorChannels[0] ?? 1]);
  outputs.forEach((maps, index) => {
    const name = `generator/stage${index + 1}`;
    const shape: [number, number, number, number] = [
      workload.batch,
      side(height, index + 1),
      side(width, index + 1),
      maps,
    ];
    x = tf.conv2dTranspose(x.relu() as Tensor4D, variable(`${name}/kernel`) as Tensor4D, shape, 2, 'same');
    if (variables.has(`${name}/bias`)) x = x.add(variable(`${name}/bias`));
    if (variables.has(`${name}/norm/gain`)) x = norm(`${name}/norm`, x, observe);
  });
  return x.tanh();
}

function discriminator(images: Tensor, masks: Masks): Tensor {
  let x = images;
  model.discriminatorChannels.forEach((_, index) => {
    const name = `discriminator/stage${index + 1}`;
    x = tf.conv2d(x as Tensor4D, variable(`${name}/kernel`) as Tensor4D, 2, 'same');
    x = drop(x.add(variable(`${name}/bias`)).leakyRelu(0.2), masks, `stage${index + 1}`);
  });
  const flat = x.reshape([x.shape[0] ?? 0, -1]);
  return flat.matMul(variable('discriminator/dense/kernel')).add(variable('discriminator/dense/bias'));
}

/** Batch norm over all axes but the last; only G's own pass moves the averages. */
function norm(name: string, x: Tensor, observe: boolean): Tensor {
  const { mean, variance } = tf.moments(x, [...x.shape.keys()].slice(0, -1));
  if (observe) {
    const count = x.size / mean.size;
    for (const [kind, value] of [
      ['mean', mean],
      ['variance', variance.mul(count / (count - 1))],
    ] as const) {
      const average = variable(`${name}/${kind}`);
      average.assign(average.mul(0.9).add(value.mul(0.1)));
    }
  }
  const [bias, gain] = [variable(`${name}/bias`), variable(`${name}/gain`)];
  return tf.batchNorm(x, mean as Tensor1D, variance as Tensor1D, bias as Tensor1D, gain as Tensor1D, 1e-5);
}

function drop(x: Tensor, masks: Masks, layer: string): Tensor {
  if (model.dropout === 0) return x;
  if (masks === null) return tf.dropout(x, model.dropout);
  const mask = masks.get(layer);
  return mask ? x.mul(mask) : x;
}

function softplusMean(logits: Tensor): Tensor {
  return logits.softplus().mean();
}

function variable(name: string): Variable {
  const found = variables.get(name);
  if (!found) throw new RangeError(`no variable ${name}`);
  return found;
}

function tensorOf(value: TensorValue | undefined): Tensor {
  if (!value) throw new RangeError('an array is missing');
  return tf.tensor(value.data as Float32Array, [...value.shape], 'float32');
}

await serve(peer);
