"""A training step in PyTorch, on autograd and torch.optim: written from the papers, not from Ganway's code.

Arrays come and go under Ganway's names and in its layouts: images [n, h, w, c], kernels [k, k, in, out]. Where SAME padding is odd,
TensorFlow pads one pixel more after the image and PyTorch, by its own `padding`, before it. So the convolutional networks run here on
mirrored images with mirrored kernels: the same mathematics, on PyTorch's usual path.
"""

import math
import os
import sys

# The wheel is built for CUDA: functions that no processor calls are looked up when they are called.
sys.setdlopenflags(os.RTLD_LAZY)

import torch
import torch.nn.functional as F

import serve

PLAYERS = ("discriminator", "generator")
# D's loss of the logits of real and generated images, and G's.
LOSSES = {
    "NON_SATURATING": (
        lambda real, fake: F.softplus(-real).mean() + F.softplus(fake).mean(),
        lambda fake, real: F.softplus(-fake).mean(),
    ),
    "MINIMAX": (
        lambda real, fake: F.softplus(-real).mean() + F.softplus(fake).mean(),
        lambda fake, real: -F.softplus(fake).mean(),
    ),
    "HINGE": (
        lambda real, fake: F.relu(1 - real).mean() + F.relu(1 + fake).mean(),
        lambda fake, real: -fake.mean(),
    ),
    "WASSERSTEIN": (lambda real, fake: fake.mean() - real.mean(), lambda fake, real: -fake.mean()),
    "RELATIVISTIC_PAIRING": (
        lambda real, fake: F.softplus(fake - real).mean(),
        lambda fake, real: F.softplus(real() - fake).mean(),
    ),
}
# The first word of a mode; the others are `cuda` for a GPU, and a precision of products.
MODES = {
    "eager": {},
    "tuned": {"channels_last": True, "fused": True, "one_pass": True},
    "compile": {"channels_last": True, "fused": True, "one_pass": True, "compiled": True},
    # The same, with kernels of a GPU started as one CUDA graph.
    "graphs": {"channels_last": True, "fused": True, "one_pass": True, "compiled": "reduce-overhead"},
    "reference": {"dtype": torch.float64},
}


class Peer:
    def __init__(self, workload, mode):
        options = {"dtype": torch.float32, "channels_last": False, "fused": False, "one_pass": False, "compiled": False}
        name, *words = mode.split()
        self.__dict__.update(options | MODES[name])
        self.device = "cuda" if "cuda" in words else "cpu"
        self.narrow = "BF16" in words
        if self.device == "cuda":
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = "TF32" in words
            torch.backends.cudnn.benchmark = True
        self.workload, self.model, self.batch = workload, workload["model"], workload["batch"]
        self.networks = {"DCGAN": Dcgan, "MLP": Mlp, "R3GAN": R3gan}[self.model["architecture"]](self)
        self.regularizer, self.labels = workload["regularizer"], None
        self.one_pass = self.one_pass and self.regularizer["kind"] == "NONE"
        if self.compiled:
            how = {"mode": self.compiled} if isinstance(self.compiled, str) else {}
            self.loss_d, self.loss_g = torch.compile(self.loss_d, **how), torch.compile(self.loss_g, **how)

    def load(self, arrays, step):
        """Takes over weights, averages and moments: those that step number `step` finds."""
        self.values, self.number = {}, step
        for name, array in arrays.items():
            if not name.startswith("adam/"):
                self.values[name] = self.own(self.networks.to_torch(name, torch.from_numpy(array.copy())))
        self.weights, self.adam = {}, {}
        for player in PLAYERS:
            named = [name for name in self.values if name.startswith(player) and f"adam/{name}/first" in arrays]
            self.weights[player] = {name: self.values[name].requires_grad_() for name in named}
            rates = self.workload["optimizers"][player]
            self.adam[player] = torch.optim.Adam(
                self.weights[player].values(),
                lr=rates["learningRate"],
                betas=(float(rates["beta1"]), rates["beta2"]),
                eps=rates["epsilon"],
                fused=self.fused or None,
            )
            for name, weight in self.weights[player].items():
                moment = lambda which: self.own(
                    self.networks.to_torch(name, torch.from_numpy(arrays[f"adam/{name}/{which}"].copy()))
                )
                count = torch.tensor(step - 1.0, device=self.device if self.fused else "cpu")
                state = {"step": count, "exp_avg": moment("first"), "exp_avg_sq": moment("second")}
                self.adam[player].state[weight] = state

    def own(self, tensor):
        tensor = tensor.to(self.device, self.dtype)
        images = self.channels_last and tensor.ndim == 4
        return tensor.contiguous(memory_format=torch.channels_last if images else torch.contiguous_format)

    def state(self):
        tensors = dict(self.values)
        for player in PLAYERS:
            for name, weight in self.weights[player].items():
                moments = self.adam[player].state[weight]
                tensors[f"adam/{name}/first"], tensors[f"adam/{name}/second"] = moments["exp_avg"], moments["exp_avg_sq"]
        return {name: self.networks.from_torch(name, tensor.detach()).cpu().numpy() for name, tensor in tensors.items()}

    def step(self, given):
        """The step on given images, noise and dropout masks."""
        tensors = {name: torch.from_numpy(array.copy()) for name, array in given.items()}
        own = lambda name: self.own(self.networks.images(tensors[name]))
        masks = {
            player: {name.split("/")[2]: own(name) for name in tensors if name.startswith(f"mask/{player}/")}
            for player in PLAYERS
        }
        noise = {player: tensors[f"noise/{player}"].to(self.device, self.dtype) for player in PLAYERS}
        self.labels = tensors["labels"].long().to(self.device) if "labels" in tensors else None
        self.shares = tensors["shares"].to(self.device, self.dtype) if "shares" in tensors else None
        return self.train(own("real"), noise, masks)

    def random_step(self):
        if not hasattr(self, "real"):
            self.real = self.own(self.networks.images(torch.rand(self.batch, *self.workload["image"]) * 2 - 1))
        noise = {
            player: torch.randn(self.batch, self.model["latentSize"], device=self.device) for player in PLAYERS
        }
        return self.train(self.real, noise, {player: None for player in PLAYERS})

    def train(self, real, noise, masks):
        if isinstance(self.compiled, str):
            torch.compiler.cudagraph_mark_step_begin()
        with self.rounding():
            loss_d = self.loss_d(real, noise["discriminator"], masks["discriminator"])
        self.descend("discriminator", loss_d)
        # A CUDA graph that runs next may write over it.
        loss_d = loss_d.detach().clone()
        # G's gradient needs D's weights, but not theirs.
        for weight in self.weights["discriminator"].values():
            weight.requires_grad_(False)
        with self.rounding():
            loss_g = self.loss_g(real, noise["generator"], masks["generator"])
        self.descend("generator", loss_g)
        self.average()
        self.number += 1
        for weight in self.weights["discriminator"].values():
            weight.requires_grad_(True)
        return loss_d.item(), loss_g.item()

    def rounding(self):
        """PyTorch's own policy of bfloat16: products in it, norms and losses not."""
        return torch.autocast(self.device, torch.bfloat16, enabled=self.narrow)

    def scheduled(self, name, first):
        """A value that begins as `first`, in this step."""
        schedule, done = self.workload["schedule"], (self.number - 1) / self.workload["steps"]
        last = schedule.get(name)
        if last is None:
            return first
        if schedule["kind"] == "COSINE":  # Loshchilov and Hutter 2017, equation 5
            return last + (first - last) / 2 * (1 + math.cos(math.pi * done))
        return last if done >= schedule["at"] else first

    def average(self):
        ema, shown = self.workload["ema"], (self.number - 1) * self.batch
        if ema is None:
            return
        half_life = min(ema["halfLifeKimg"] * 1000, shown * ema["rampUp"])
        beta = 0.5 ** (self.batch / half_life) if half_life > 0 else 0
        with torch.no_grad():
            for name, weight in self.weights["generator"].items():
                self.values[f"ema/{name}"].lerp_(weight, 1 - beta)

    def descend(self, player, loss):
        rates = self.workload["optimizers"][player]
        for group in self.adam[player].param_groups:
            group["lr"] = self.scheduled("learningRate", rates["learningRate"])
            group["betas"] = (float(rates["beta1"]), self.scheduled("beta2", rates["beta2"]))
        self.adam[player].zero_grad(set_to_none=True)
        loss.backward()
        self.adam[player].step()

    def loss_d(self, real, noise, masks):
        with torch.no_grad():
            fake = self.networks.generator(noise, observe=False)
        if self.one_pass:
            of_real, of_fake = self.networks.discriminator(torch.cat([real, fake]), masks).split(self.batch)
            return self.judged(0, of_real, of_fake)
        steep = {"R1": [True, False], "R1_R2": [True, True]}.get(self.regularizer["kind"], [False, False])
        real, fake = (images.detach().requires_grad_(watched) for images, watched in zip((real, fake), steep))
        of_real = self.networks.discriminator(real, masks, slice(None, self.batch))
        of_fake = self.networks.discriminator(fake, masks, slice(self.batch, None))
        loss = self.judged(0, of_real, of_fake)
        if self.regularizer["kind"] == "NONE":
            return loss
        first = round(self.regularizer["fraction"] * self.batch)
        if self.regularizer["kind"] == "GRADIENT_PENALTY":  # Gulrajani et al. 2017, equation 3
            shares = self.shares[:first].reshape(first, *[1] * (real.ndim - 1))
            points = (shares * real[:first] + (1 - shares) * fake[:first]).requires_grad_()
            slope = self.slope(self.networks.discriminator(points, masks, slice(None, first)), points)
            penalty = (slope.flatten(1).norm(dim=1) - 1).square().mean()
        else:  # Mescheder et al. 2018, equation 9
            pairs = [(of_real, real)] * steep[0] + [(of_fake, fake)] * steep[1]
            penalty = sum(self.slope(logits[:first], x).square().sum() for logits, x in pairs) / 2 / first
        return loss + self.scheduled("gamma", self.regularizer["gamma"]) * penalty

    def slope(self, logits, images):
        return torch.autograd.grad(logits.sum(), images, create_graph=True)[0]

    def loss_g(self, real, noise, masks):
        of_fake = self.networks.discriminator(self.networks.generator(noise, observe=True), masks)
        return self.judged(1, of_fake, lambda: self.networks.discriminator(real, None).to(self.dtype))

    def judged(self, player, first, second):
        """A player's loss of logits in the digits that it is computed in."""
        first, second = (logits if callable(logits) else logits.to(self.dtype) for logits in (first, second))
        return LOSSES[self.workload["loss"]][player](first, second)

    def norm(self, name, x, observe):
        """Batch norm; only G's own pass moves the averages."""
        value = self.values
        averages = (value[f"{name}/mean"], value[f"{name}/variance"]) if observe else (None, None)
        return F.batch_norm(x, *averages, value[f"{name}/gain"], value[f"{name}/bias"], True, 0.1, 1e-5)

    def drop(self, x, masks, layer, rows):
        if masks is None:
            rate = self.model["dropout"]
            return F.dropout(x, rate) if rate > 0 else x
        return x * masks[layer][rows] if layer in masks else x


class Mlp:
    """Images are rows of pixels."""

    def __init__(self, peer):
        self.peer, self.model = peer, peer.model

    def generator(self, x, observe):
        value = self.peer.values
        for layer in range(1, len(self.model["generatorWidths"]) + 1):
            name = f"generator/hidden{layer}"
            x = F.leaky_relu(self.peer.norm(f"{name}/norm", F.linear(x, value[f"{name}/kernel"]), observe), 0.2)
        return torch.tanh(F.linear(x, value["generator/image/kernel"], value["generator/image/bias"]))

    def discriminator(self, x, masks, rows=slice(None)):
        value = self.peer.values
        for layer in range(1, len(self.model["discriminatorWidths"]) + 1):
            name = f"discriminator/hidden{layer}"
            x = F.leaky_relu(F.linear(x, value[f"{name}/kernel"], value[f"{name}/bias"]), 0.2)
            x = self.peer.drop(x, masks, f"hidden{layer}", rows)
        return F.linear(x, value["discriminator/dense/kernel"], value["discriminator/dense/bias"])

    def images(self, x):
        return x.flatten(1)

    def to_torch(self, name, x):
        return x.T if x.ndim == 2 else x

    from_torch = to_torch


class Dcgan:
    """Images are [n, c, h, w], mirrored."""

    def __init__(self, peer):
        self.peer, self.model = peer, peer.model
        height, width, channels = peer.workload["image"]
        halved = lambda side, times: -(-side // 2**times)
        outputs = [*self.model["generatorChannels"][1:], channels]
        stages = len(outputs)
        sizes = [(halved(height, stages - n), halved(width, stages - n)) for n in range(stages + 1)]
        self.seed = (*sizes[0], self.model["generatorChannels"][0])
        self.up = [self.padding(small, large) for small, large in zip(sizes, sizes[1:])]
        stages = len(self.model["discriminatorChannels"])
        sizes = [(halved(height, n), halved(width, n)) for n in range(stages + 1)]
        self.flat = (*sizes[-1], self.model["discriminatorChannels"][-1])
        self.down = [self.padding(small, large) for large, small in zip(sizes, sizes[1:])]

    def padding(self, small, large):
        """`padding` and `output_padding` that connect two sizes at stride 2 as SAME does, seen in the mirror."""
        size = self.model["kernelSize"]
        pads = [-(-((s - 1) * 2 + size - l) // 2) for s, l in zip(small, large)]
        return pads, [l - ((s - 1) * 2 + size - 2 * pad) for s, l, pad in zip(small, large, pads)]

    def generator(self, z, observe):
        value, peer = self.peer.values, self.peer
        x = peer.norm("generator/norm", F.linear(z, value["generator/dense/kernel"]), observe)
        height, width, channels = self.seed
        x = x.view(-1, channels, height, width)
        if peer.channels_last:
            x = x.contiguous(memory_format=torch.channels_last)
        for stage, (pads, more) in enumerate(self.up, 1):
            name = f"generator/stage{stage}"
            x = F.conv_transpose2d(F.relu(x), value[f"{name}/kernel"], value.get(f"{name}/bias"), 2, pads, more)
            if f"{name}/norm/gain" in value:
                x = peer.norm(f"{name}/norm", x, observe)
        return torch.tanh(x)

    def discriminator(self, x, masks, rows=slice(None)):
        value = self.peer.values
        for stage, (pads, _) in enumerate(self.down, 1):
            name = f"discriminator/stage{stage}"
            x = F.leaky_relu(F.conv2d(x, value[f"{name}/kernel"], value[f"{name}/bias"], 2, pads), 0.2)
            x = self.peer.drop(x, masks, f"stage{stage}", rows)
        return F.linear(x.flatten(1), value["discriminator/dense/kernel"], value["discriminator/dense/bias"])

    def images(self, x):
        return x.flip(1, 2).permute(0, 3, 1, 2) if x.ndim == 4 else x

    def to_torch(self, name, x):
        if x.ndim == 4:
            return x.flip(0, 1).permute(3, 2, 0, 1)
        grid = self.grid(name)
        if grid is None:
            return x
        rows = x.T if name == "generator/dense/kernel" else x
        rows = rows.reshape(*grid, -1).flip(0, 1).permute(2, 0, 1, 3).reshape(rows.shape)
        return rows.T if name == "discriminator/dense/kernel" else rows

    def from_torch(self, name, x):
        name = name.removeprefix("adam/").removesuffix("/first").removesuffix("/second")
        if x.ndim == 4:
            return x.permute(2, 3, 1, 0).flip(0, 1)
        grid = self.grid(name)
        if grid is None:
            return x
        rows = x.T if name == "discriminator/dense/kernel" else x
        height, width, channels = grid
        rows = rows.reshape(channels, height, width, -1).permute(1, 2, 0, 3).flip(0, 1).reshape(rows.shape)
        return rows.T if name == "generator/dense/kernel" else rows

    def grid(self, name):
        """Shape of the pixels that the rows of an array belong to."""
        if name == "generator/dense/kernel" or name.startswith("generator/norm/"):
            return self.seed
        return self.flat if name == "discriminator/dense/kernel" else None


class R3gan:
    """Images are [n, c, h, w]: at even sides SAME padding is the same on both ends, and nothing needs a mirror."""

    def __init__(self, peer):
        self.peer = peer

    def generator(self, z, observe):
        value, labels = self.peer.values, self.peer.labels
        x = z @ value["generator/latent/kernel"] + value["generator/latent/bias"]
        if labels is not None:
            x = x + F.one_hot(labels, self.peer.workload["classes"]).to(x.dtype) @ value["generator/class/table"]
        x = F.leaky_relu(x[:, :, None, None] * value["generator/start/basis"].permute(2, 0, 1), 0.2)
        stage = 1
        while f"generator/stage{stage}/block/middle/kernel" in value:
            x = self.block(x, f"generator/stage{stage}/block")
            if f"generator/stage{stage}/up/kernel" in value:
                x = F.interpolate(F.conv2d(x, value[f"generator/stage{stage}/up/kernel"]), scale_factor=2)
            stage += 1
        kernel, bias = value["generator/image/kernel"], value["generator/image/bias"]
        return F.conv_transpose2d(F.leaky_relu(x, 0.2), kernel, bias, 2, 1)

    def discriminator(self, x, masks, rows=slice(None)):
        value, labels = self.peer.values, self.peer.labels
        x = F.conv2d(x, value["discriminator/stem/kernel"], value["discriminator/stem/bias"], 2, 1)
        x, stage = F.leaky_relu(x, 0.2), 1
        while f"discriminator/stage{stage}/block/middle/kernel" in value:
            x = self.block(x, f"discriminator/stage{stage}/block")
            if f"discriminator/stage{stage}/down/kernel" in value:
                x = F.conv2d(F.avg_pool2d(x, 2), value[f"discriminator/stage{stage}/down/kernel"])
            stage += 1
        features = (F.leaky_relu(x, 0.2) * value["discriminator/end/basis"].permute(2, 0, 1)).sum((2, 3))
        logits = features @ value["discriminator/judge/kernel"]
        if labels is None:
            return logits
        # Real and generated images have the same labels; of those where slopes are looked at, the first.
        known = value["discriminator/judge/table"][torch.cat([labels, labels])[: len(features)]]
        return logits + (features * known).sum(1, keepdim=True)

    def block(self, x, name):
        value = self.peer.values
        h = F.leaky_relu(F.conv2d(x, value[f"{name}/reduce/kernel"], value[f"{name}/reduce/bias"]), 0.2)
        h = F.leaky_relu(F.conv2d(h, value[f"{name}/middle/kernel"], value[f"{name}/middle/bias"], padding=1), 0.2)
        return x + F.conv2d(h, value[f"{name}/expand/kernel"])

    def images(self, x):
        return x.permute(0, 3, 1, 2) if x.ndim == 4 else x

    def to_torch(self, name, x):
        return x.permute(3, 2, 0, 1) if x.ndim == 4 else x

    def from_torch(self, name, x):
        return x.permute(2, 3, 1, 0) if x.ndim == 4 else x


if __name__ == "__main__":
    serve.serve(Peer)
