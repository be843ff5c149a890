"""A training step in PyTorch, on autograd and torch.optim: written from the papers, not from Ganway's code.

Arrays come and go under Ganway's names and in its layouts: images [n, h, w, c], kernels [k, k, in, out]. Where SAME padding is odd,
TensorFlow pads one pixel more after the image and PyTorch, by its own `padding`, before it. So the convolutional networks run here on
mirrored images with mirrored kernels: the same mathematics, on PyTorch's usual path.
"""

import os
import sys

# The wheel is built for CUDA: functions that no processor calls are looked up when they are called.
sys.setdlopenflags(os.RTLD_LAZY)

import torch
import torch.nn.functional as F

import serve

PLAYERS = ("discriminator", "generator")
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
        self.networks = (Dcgan if self.model["architecture"] == "DCGAN" else Mlp)(self)
        self.one_pass = self.one_pass and workload["r1"] == 0
        if self.compiled:
            how = {"mode": self.compiled} if isinstance(self.compiled, str) else {}
            self.loss_d, self.loss_g = torch.compile(self.loss_d, **how), torch.compile(self.loss_g, **how)

    def load(self, arrays, step):
        """Takes over weights, averages and moments: those that step number `step` finds."""
        self.values = {}
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
                betas=(rates["beta1"], rates["beta2"]),
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
            loss_g = self.loss_g(noise["generator"], masks["generator"])
        self.descend("generator", loss_g)
        for weight in self.weights["discriminator"].values():
            weight.requires_grad_(True)
        return loss_d.item(), loss_g.item()

    def rounding(self):
        """PyTorch's own policy of bfloat16: products in it, norms and losses not."""
        return torch.autocast(self.device, torch.bfloat16, enabled=self.narrow)

    def descend(self, player, loss):
        self.adam[player].zero_grad(set_to_none=True)
        loss.backward()
        self.adam[player].step()

    def loss_d(self, real, noise, masks):
        with torch.no_grad():
            fake = self.networks.generator(noise, observe=False)
        penalty = 0
        if self.one_pass:
            of_real, of_fake = self.networks.discriminator(torch.cat([real, fake]), masks).split(self.batch)
        else:
            gamma = self.workload["r1"]
            real = real.detach().requires_grad_(gamma > 0)
            of_real = self.networks.discriminator(real, masks, slice(None, self.batch))
            of_fake = self.networks.discriminator(fake, masks, slice(self.batch, None))
            if gamma > 0:  # Mescheder et al. 2018, equation 9
                (slope,) = torch.autograd.grad(of_real.sum(), real, create_graph=True)
                penalty = gamma / 2 * slope.square().sum() / self.batch
        of_real, of_fake = of_real.to(self.dtype), of_fake.to(self.dtype)
        return F.softplus(-of_real).mean() + F.softplus(of_fake).mean() + penalty

    def loss_g(self, noise, masks):
        of_fake = self.networks.discriminator(self.networks.generator(noise, observe=True), masks).to(self.dtype)
        return F.softplus(-of_fake).mean() if self.workload["loss"] == "NON_SATURATING" else -F.softplus(of_fake).mean()

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


if __name__ == "__main__":
    serve.serve(Peer)
