"""A training step in Python's TensorFlow, on GradientTape: written from the papers, not from Ganway's code.

`function` is the step a user tunes: one tf.function with fused batch norm and fused Adam. `reference` is the same in float64, with
batch norm and Adam written out, eager.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow as tf

import serve

PLAYERS = ("discriminator", "generator")


class Peer:
    def __init__(self, workload, mode):
        self.workload, self.model, self.batch = workload, workload["model"], workload["batch"]
        self.fused = mode == "function"
        self.dtype = tf.float32 if self.fused else tf.float64
        self.convolutional = self.model["architecture"] == "DCGAN"
        if self.fused:
            self.train = tf.function(self.train)

    def load(self, arrays, step):
        """Takes over weights, averages and moments: those that step number `step` finds."""
        if hasattr(self, "values"):
            for name, variable in self.values.items():
                variable.assign(tf.cast(arrays[name], self.dtype))
            self.number.assign(step)
            return
        self.values = {name: tf.Variable(tf.cast(array, self.dtype)) for name, array in arrays.items()}
        self.number = tf.Variable(float(step), dtype=self.dtype)
        self.weights = {
            player: [name for name in arrays if name.startswith(player) and f"adam/{name}/first" in arrays]
            for player in PLAYERS
        }

    def state(self):
        return {name: variable.numpy() for name, variable in self.values.items()}

    def step(self, given):
        """The step on given images, noise and dropout masks."""
        tensors = {name: tf.cast(array, self.dtype) for name, array in given.items()}
        masks = {
            player: {name.split("/")[2]: x for name, x in tensors.items() if name.startswith(f"mask/{player}/")}
            for player in PLAYERS
        }
        losses = self.train(tensors["real"], {player: tensors[f"noise/{player}"] for player in PLAYERS}, masks)
        return tuple(float(loss) for loss in losses)

    def random_step(self):
        if not hasattr(self, "real"):
            self.real = tf.random.uniform([self.batch, *self.workload["image"]], -1, 1)
        return tuple(float(loss) for loss in self.train(self.real, None, None))

    def train(self, real, noise, masks):
        noise = noise or {player: tf.random.normal([self.batch, self.model["latentSize"]]) for player in PLAYERS}
        masks = masks or {player: None for player in PLAYERS}
        fake = self.generator(noise["discriminator"], observe=False)
        with tf.GradientTape() as tape:
            loss_d = self.loss_d(real, fake, masks["discriminator"])
        self.descend("discriminator", tape, loss_d)
        with tf.GradientTape() as tape:
            of_fake = self.discriminator(self.generator(noise["generator"], observe=True), masks["generator"])
            saturating = self.workload["loss"] == "MINIMAX"
            loss_g = -mean_softplus(of_fake) if saturating else mean_softplus(-of_fake)
        self.descend("generator", tape, loss_g)
        self.number.assign_add(1.0)
        return loss_d, loss_g

    def loss_d(self, real, fake, masks):
        gamma = self.workload["r1"]
        if gamma == 0:
            of_real, of_fake = tf.split(self.discriminator(tf.concat([real, fake], 0), masks), 2)
            return mean_softplus(-of_real) + mean_softplus(of_fake)
        with tf.GradientTape() as tape:
            tape.watch(real)
            of_real = self.discriminator(real, masks)
        slope = tape.gradient(of_real, real)
        penalty = gamma / 2 * tf.reduce_sum(tf.square(slope)) / self.batch  # Mescheder et al. 2018, equation 9
        return mean_softplus(-of_real) + mean_softplus(self.discriminator(fake, masks)) + penalty

    def descend(self, player, tape, loss):
        """Adam, Kingma and Ba 2015: algorithm 1, or TensorFlow's kernel, whose epsilon is the paper's epsilon hat."""
        rates, names = self.workload["optimizers"][player], self.weights[player]
        rate, beta1, beta2, epsilon = (rates[name] for name in ("learningRate", "beta1", "beta2", "epsilon"))
        power1, power2 = tf.pow(tf.cast(beta1, self.dtype), self.number), tf.pow(tf.cast(beta2, self.dtype), self.number)
        for name, slope in zip(names, tape.gradient(loss, [self.values[name] for name in names])):
            weight = self.values[name]
            first, second = self.values[f"adam/{name}/first"], self.values[f"adam/{name}/second"]
            if self.fused:
                tf.raw_ops.ResourceApplyAdam(
                    var=weight.handle,
                    m=first.handle,
                    v=second.handle,
                    beta1_power=power1,
                    beta2_power=power2,
                    lr=rate,
                    beta1=beta1,
                    beta2=beta2,
                    epsilon=epsilon * tf.sqrt(1 - power2),
                    grad=slope,
                )
                continue
            first.assign(beta1 * first + (1 - beta1) * slope)
            second.assign(beta2 * second + (1 - beta2) * tf.square(slope))
            weight.assign_sub(rate * first / (1 - power1) / (tf.sqrt(second / (1 - power2)) + epsilon))

    def norm(self, name, x, observe):
        """Batch norm over all axes but the last; only G's own pass moves the averages."""
        gain, bias = self.values[f"{name}/gain"], self.values[f"{name}/bias"]
        if self.fused:
            images = x if len(x.shape) == 4 else x[:, None, None, :]
            y, mean, variance = tf.compat.v1.nn.fused_batch_norm(images, gain, bias, epsilon=1e-5)
            y = tf.reshape(y, x.shape)
        else:
            axes = list(range(len(x.shape) - 1))
            mean, variance = tf.nn.moments(x, axes)
            y = (x - mean) / tf.sqrt(variance + 1e-5) * gain + bias
            count = tf.size(x, tf.int64) // tf.size(mean, tf.int64)
            variance *= tf.cast(count, self.dtype) / tf.cast(count - 1, self.dtype)
        if observe:
            for kind, value in (("mean", mean), ("variance", variance)):
                average = self.values[f"{name}/{kind}"]
                average.assign(0.9 * average + 0.1 * value)
        return y

    def drop(self, x, masks, layer):
        if masks is None:
            rate = self.model["dropout"]
            return tf.nn.dropout(x, rate) if rate > 0 else x
        return x * masks[layer] if layer in masks else x

    def generator(self, x, observe):
        value = self.values
        if not self.convolutional:
            for layer in range(1, len(self.model["generatorWidths"]) + 1):
                name = f"generator/hidden{layer}"
                x = tf.nn.leaky_relu(self.norm(f"{name}/norm", x @ value[f"{name}/kernel"], observe), 0.2)
            x = tf.tanh(x @ value["generator/image/kernel"] + value["generator/image/bias"])
            return tf.reshape(x, [self.batch, *self.workload["image"]])
        height, width, channels = self.workload["image"]
        outputs = [*self.model["generatorChannels"][1:], channels]
        size = lambda stage: [-(-side // 2 ** (len(outputs) - stage)) for side in (height, width)]
        x = self.norm("generator/norm", x @ value["generator/dense/kernel"], observe)
        x = tf.reshape(x, [self.batch, *size(0), self.model["generatorChannels"][0]])
        for stage, channels in enumerate(outputs, 1):
            name, shape = f"generator/stage{stage}", [self.batch, *size(stage), channels]
            x = tf.nn.conv2d_transpose(tf.nn.relu(x), value[f"{name}/kernel"], shape, 2)
            if f"{name}/bias" in value:
                x = tf.nn.bias_add(x, value[f"{name}/bias"])
            if f"{name}/norm/gain" in value:
                x = self.norm(f"{name}/norm", x, observe)
        return tf.tanh(x)

    def discriminator(self, x, masks):
        value = self.values
        if not self.convolutional:
            x = tf.reshape(x, [x.shape[0], -1])
        layers = self.model["discriminatorChannels" if self.convolutional else "discriminatorWidths"]
        for number in range(1, len(layers) + 1):
            layer = f"stage{number}" if self.convolutional else f"hidden{number}"
            kernel, bias = value[f"discriminator/{layer}/kernel"], value[f"discriminator/{layer}/bias"]
            x = tf.nn.bias_add(tf.nn.conv2d(x, kernel, 2, "SAME") if self.convolutional else x @ kernel, bias)
            x = self.drop(tf.nn.leaky_relu(x, 0.2), masks, layer)
        x = tf.reshape(x, [x.shape[0], -1])
        return x @ value["discriminator/dense/kernel"] + value["discriminator/dense/bias"]


def mean_softplus(logits):
    return tf.reduce_mean(tf.nn.softplus(logits))


if __name__ == "__main__":
    serve.serve(Peer)
