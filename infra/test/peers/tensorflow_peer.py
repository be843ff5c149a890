"""A training step in Python's TensorFlow, on GradientTape: written from the papers, not from Ganway's code.

`function` is the step a user tunes: one tf.function with fused batch norm and fused Adam. `reference` is the same in float64, with
batch norm and Adam written out, eager.
"""

import math
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
        self.residual = self.model["architecture"] == "R3GAN"
        self.labels = self.shares = None
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
        tensors = {name: tf.cast(array, self.dtype) for name, array in given.items() if name != "labels"}
        self.labels = tf.cast(given["labels"], tf.int32) if "labels" in given else None
        self.shares = tensors.get("shares")
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
            loss_g = LOSSES[self.workload["loss"]][1](of_fake, lambda: self.discriminator(real, None))
        self.descend("generator", tape, loss_g)
        self.average()
        self.number.assign_add(1.0)
        return loss_d, loss_g

    def loss_d(self, real, fake, masks):
        regularizer, loss = self.workload["regularizer"], LOSSES[self.workload["loss"]][0]
        if regularizer["kind"] == "NONE":
            return loss(*tf.split(self.discriminator(tf.concat([real, fake], 0), masks), 2))
        halves = [masks and {layer: tf.split(mask, 2)[n] for layer, mask in masks.items()} for n in (0, 1)]
        first = round(regularizer["fraction"] * self.batch)
        points = None
        with tf.GradientTape(persistent=True) as tape:
            tape.watch([real, fake])
            of_real, of_fake = self.discriminator(real, halves[0]), self.discriminator(fake, halves[1])
            heads = [of_real[:first], of_fake[:first]]
            if regularizer["kind"] == "GRADIENT_PENALTY":
                points = self.shares[:first] * real[:first] + (1 - self.shares[:first]) * fake[:first]
                tape.watch(points)
                of_points = self.discriminator(points, halves[0])
        if points is not None:  # Gulrajani et al. 2017, equation 3
            lengths = tf.norm(tf.reshape(tape.gradient(of_points, points), [first, -1]), axis=1)
            penalty = tf.reduce_mean(tf.square(lengths - 1))
        else:  # Mescheder et al. 2018, equation 9
            pairs = list(zip(heads, (real, fake)))[: 2 if regularizer["kind"] == "R1_R2" else 1]
            penalty = sum(tf.reduce_sum(tf.square(tape.gradient(*pair))) for pair in pairs) / 2 / first
        return loss(of_real, of_fake) + self.scheduled("gamma", regularizer["gamma"]) * penalty

    def scheduled(self, name, first):
        """A value that begins as `first`, in this step."""
        schedule, done = self.workload["schedule"], (self.number - 1) / self.workload["steps"]
        last = schedule.get(name)
        if last is None:
            return first
        if schedule["kind"] == "COSINE":  # Loshchilov and Hutter 2017, equation 5
            return last + (first - last) / 2 * (1 + tf.cos(math.pi * done))
        return tf.where(done >= schedule["at"], tf.cast(last, self.dtype), tf.cast(first, self.dtype))

    def average(self):
        ema, shown = self.workload["ema"], (self.number - 1) * self.batch
        if ema is None:
            return
        half_life = tf.minimum(tf.cast(ema["halfLifeKimg"] * 1000, self.dtype), shown * ema["rampUp"])
        beta = tf.where(half_life > 0, tf.pow(tf.cast(0.5, self.dtype), self.batch / tf.maximum(half_life, 1e-9)), 0)
        for name in self.weights["generator"]:
            average = self.values[f"ema/{name}"]
            average.assign(beta * average + (1 - beta) * self.values[name])

    def descend(self, player, tape, loss):
        """Adam, Kingma and Ba 2015: algorithm 1, or TensorFlow's kernel, whose epsilon is the paper's epsilon hat."""
        rates, names = self.workload["optimizers"][player], self.weights[player]
        rate, beta2 = (self.scheduled(name, rates[name]) for name in ("learningRate", "beta2"))
        beta1, epsilon = rates["beta1"], rates["epsilon"]
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
        if self.residual:
            return self.residual_generator(x)
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
        if self.residual:
            return self.residual_discriminator(x)
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

    def residual_generator(self, z):
        value = self.values
        height, width, _ = self.workload["image"]
        x = z @ value["generator/latent/kernel"] + value["generator/latent/bias"]
        if self.labels is not None:
            x += tf.one_hot(self.labels, self.workload["classes"], dtype=self.dtype) @ value["generator/class/table"]
        x = tf.nn.leaky_relu(x[:, None, None, :] * value["generator/start/basis"], 0.2)
        stage = 1
        while f"generator/stage{stage}/block/middle/kernel" in value:
            x = self.block(x, f"generator/stage{stage}/block")
            if f"generator/stage{stage}/up/kernel" in value:
                x = tf.nn.conv2d(x, value[f"generator/stage{stage}/up/kernel"], 1, "SAME")
                x = tf.repeat(tf.repeat(x, 2, 1), 2, 2)
            stage += 1
        kernel = value["generator/image/kernel"]
        x = tf.nn.conv2d_transpose(tf.nn.leaky_relu(x, 0.2), kernel, [x.shape[0], height, width, kernel.shape[2]], 2)
        return x + value["generator/image/bias"]

    def residual_discriminator(self, x):
        value = self.values
        x = tf.nn.conv2d(x, value["discriminator/stem/kernel"], 2, "SAME") + value["discriminator/stem/bias"]
        x, stage = tf.nn.leaky_relu(x, 0.2), 1
        while f"discriminator/stage{stage}/block/middle/kernel" in value:
            x = self.block(x, f"discriminator/stage{stage}/block")
            if f"discriminator/stage{stage}/down/kernel" in value:
                x = tf.nn.avg_pool2d(x, 2, 2, "SAME")
                x = tf.nn.conv2d(x, value[f"discriminator/stage{stage}/down/kernel"], 1, "SAME")
            stage += 1
        features = tf.reduce_sum(tf.nn.leaky_relu(x, 0.2) * value["discriminator/end/basis"], [1, 2])
        logits = features @ value["discriminator/judge/kernel"]
        if self.labels is None:
            return logits
        # Real and generated images have the same labels; of those where slopes are looked at, the first.
        labels = tf.concat([self.labels, self.labels], 0)[: x.shape[0]]
        known = tf.one_hot(labels, self.workload["classes"], dtype=self.dtype) @ value["discriminator/judge/table"]
        return logits + tf.reduce_sum(features * known, 1, keepdims=True)

    def block(self, x, name):
        value = self.values
        convolve = lambda x, part: tf.nn.conv2d(x, value[f"{name}/{part}/kernel"], 1, "SAME")
        h = tf.nn.leaky_relu(convolve(x, "reduce") + value[f"{name}/reduce/bias"], 0.2)
        h = tf.nn.leaky_relu(convolve(h, "middle") + value[f"{name}/middle/bias"], 0.2)
        return x + convolve(h, "expand")


def mean_softplus(logits):
    return tf.reduce_mean(tf.nn.softplus(logits))


# D's loss of the logits of real and generated images, and G's.
LOSSES = {
    "NON_SATURATING": (
        lambda real, fake: mean_softplus(-real) + mean_softplus(fake),
        lambda fake, real: mean_softplus(-fake),
    ),
    "MINIMAX": (
        lambda real, fake: mean_softplus(-real) + mean_softplus(fake),
        lambda fake, real: -mean_softplus(fake),
    ),
    "HINGE": (
        lambda real, fake: tf.reduce_mean(tf.nn.relu(1 - real)) + tf.reduce_mean(tf.nn.relu(1 + fake)),
        lambda fake, real: -tf.reduce_mean(fake),
    ),
    "WASSERSTEIN": (
        lambda real, fake: tf.reduce_mean(fake) - tf.reduce_mean(real),
        lambda fake, real: -tf.reduce_mean(fake),
    ),
    "RELATIVISTIC_PAIRING": (
        lambda real, fake: mean_softplus(fake - real),
        lambda fake, real: mean_softplus(real() - fake),
    ),
}


if __name__ == "__main__":
    serve.serve(Peer)
