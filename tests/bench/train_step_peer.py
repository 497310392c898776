# SPDX-License-Identifier: GPL-2.0-or-later
"""The starter's training steps in PyTorch, as one would write them there: autocast to bfloat16, fused attention and AdamW,
channels last. The same shapes, parameters and losses as train_step.cpp; prints milliseconds a step as JSON."""

import argparse
import json
import math
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

VOCABULARY, WIDTH, LAYERS, HEADS, INNER = 3072, 192, 4, 6, 512
EXPERTS, TOP, RANK, ALPHA = 4, 2, 8, 16
HEAD, QUESTIONS, ASKED, ANSWERED = 4, 9, 14, 10
CLASSES, SCENES, ATTRIBUTES, OBJECTS, WAVES, SIDE = 9, 21, 15, 96, 14, 256


class Conv(nn.Module):
    def __init__(self, inner, outer, kernel=3, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inner, outer, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outer)

    def forward(self, value):
        return self.norm(self.conv(value))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first, self.second = Conv(channels, channels), Conv(channels, channels)

    def forward(self, value):
        return F.relu(self.second(F.relu(self.first(value))) + value)


class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [24, 48, 96, 160, 256]
        self.stem = Conv(3, sizes[0], stride=2)
        self.enter = nn.ModuleList(Conv(sizes[i], sizes[i + 1], stride=2) for i in range(4))
        self.blocks = nn.ModuleList(
            nn.Sequential(*[Residual(size) for _ in range(count)]) for size, count in zip(sizes[1:], [1, 2, 2, 1]))
        self.lateral = nn.ModuleList([Conv(48, 64, 1), Conv(96, 96, 1), Conv(160, 96, 1), Conv(256, 96, 1)])
        self.down4, self.smooth8, self.smooth4 = Conv(96, 64, 1), Conv(96, 96), Conv(64, 64)
        self.heat, self.geometry = nn.Conv2d(64, CLASSES, 1), nn.Conv2d(64, 6, 1)
        self.scene, self.attribute = nn.Linear(256, SCENES), nn.Linear(256, ATTRIBUTES)

    def forward(self, pixels):
        value = F.relu(self.stem(pixels))
        levels = []
        for enter, blocks in zip(self.enter, self.blocks):
            value = blocks(F.relu(enter(value)))
            levels.append(value)
        doubled = lambda value: F.interpolate(value, scale_factor=2, mode="nearest")
        high = F.relu(self.lateral[2](levels[2]) + doubled(self.lateral[3](levels[3])))
        detail = F.relu(self.smooth8(F.relu(self.lateral[1](levels[1]) + doubled(high))))
        head = F.relu(self.smooth4(F.relu(self.lateral[0](levels[0]) + doubled(self.down4(detail)))))
        pooled = levels[3].float().mean((2, 3))
        return levels[3], self.heat(head), self.geometry(head), self.scene(pooled), self.attribute(pooled)


class Mixed(nn.Module):
    def __init__(self, inner, outer):
        super().__init__()
        self.base = nn.Linear(inner, outer, bias=False)
        self.down = nn.Parameter(torch.randn(EXPERTS * RANK, inner) * 0.02)
        self.up = nn.Parameter(torch.zeros(outer, EXPERTS * RANK))

    def forward(self, value, gates):
        gated = F.linear(value, self.down) * gates.to(torch.bfloat16).repeat_interleave(RANK, -1)
        return self.base(value) + F.linear(gated, self.up)


class Layer(nn.Module):
    attend = None

    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.RMSNorm(WIDTH, eps=1e-6), nn.RMSNorm(WIDTH, eps=1e-6)
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.router = nn.Linear(WIDTH, EXPERTS, bias=False)
        self.gate, self.raised, self.lower = Mixed(WIDTH, INNER), Mixed(WIDTH, INNER), Mixed(INNER, WIDTH)

    def forward(self, stream, cosine, sine, mask):
        value = self.norm1(stream)
        split = lambda tensor: tensor.unflatten(-1, (HEADS, -1)).transpose(1, 2)
        query, key = turned(split(self.query(value)), cosine, sine), turned(split(self.key(value)), cosine, sine)
        seen = Layer.attend(query, key, split(self.value(value)), mask)
        stream = stream + self.out(seen.transpose(1, 2).flatten(2))
        value = self.norm2(stream)
        with torch.autocast("cpu", enabled=False):
            logits = F.linear(value.float(), self.router.weight)
        probabilities = logits.softmax(-1)
        weights, chosen = probabilities.topk(TOP, -1)
        weights = weights / weights.sum(-1, keepdim=True)
        gates = torch.zeros_like(probabilities).scatter(-1, chosen, weights)
        scaled = gates * (ALPHA / RANK)
        inner = F.silu(self.gate(value, scaled)) * self.raised(value, scaled)
        return stream + self.lower(inner, scaled), (logits, probabilities, weights)


def fused(query, key, value, mask):
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask)


def spelled_out(query, key, value, mask):
    return ((query / math.sqrt(query.shape[-1])) @ key.transpose(-2, -1) + mask).to(torch.bfloat16).softmax(-1) @ value


def turned(value, cosine, sine):
    first, second = value.chunk(2, -1)
    return value * cosine + torch.cat((-second, first), -1) * sine


class Starter(nn.Module):
    def __init__(self):
        super().__init__()
        self.tower = Tower()
        features = CLASSES + 4 + 5 * WAVES + WAVES + 2 * WAVES
        two = lambda inner, middle: nn.Sequential(nn.Linear(inner, middle), nn.GELU(), nn.Linear(middle, WIDTH))
        self.picture = two(256 + SCENES + ATTRIBUTES + CLASSES, 2 * WIDTH)
        self.grid, self.object = two(256, WIDTH), two(features, 2 * WIDTH)
        self.features = features
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.RMSNorm(WIDTH, eps=1e-6)
        self.classes, self.gateway = nn.Linear(WIDTH, CLASSES), nn.Linear(WIDTH, 1)
        self.nothing, self.gain = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.ones(1))
        self.noticed = nn.Parameter(torch.zeros(WIDTH, 4))

    def project(self, pixels, objects):
        with torch.no_grad():
            self.tower.eval()
            context, _, _, scenes, attributes = self.tower(pixels)
        grid = context.flatten(2).transpose(1, 2).float()
        pooled = F.layer_norm(grid.mean(1), (256,))
        best = objects.narrow(2, 0, CLASSES).amax(1)
        picture = self.picture(torch.cat((pooled, scenes.softmax(1), attributes.sigmoid(), best), 1))
        return torch.cat((picture.unsqueeze(1), self.grid(F.layer_norm(grid, (256,))), self.object(objects)), 1)

    def copied(self, hidden, objects, numbers):
        state, classes = hidden.float(), objects.narrow(2, 0, CLASSES)
        places = (classes.cumsum(1) * classes).sum(2).round().long()
        likeness = self.classes(state).float() @ classes.transpose(1, 2)
        likeness = likeness.masked_fill(places.unsqueeze(1) != (numbers // 5 + 1).unsqueeze(2), -1e9)
        none = self.nothing.expand(*state.shape[:2], 1)
        weights = torch.cat((likeness, none), 2).softmax(2)[..., :-1]
        waves = (weights @ objects.narrow(2, CLASSES + 4, 5 * WAVES)).unflatten(2, (5, WAVES))
        index = (numbers % 5).unsqueeze(2).unsqueeze(3).expand(-1, -1, 1, WAVES)
        chosen = waves.gather(2, index).squeeze(2) * self.gateway(state).sigmoid() * (self.gain * 20)
        told = (weights @ objects.narrow(2, CLASSES, 4)) @ (self.noticed.t() * 20)
        return F.pad(chosen, (0, WIDTH - WAVES)) + told

    def forward(self, batch):
        image = self.project(batch["pixels"], batch["objects"]).float()
        words = self.embedding(batch["ids"])
        stream = torch.cat((words[:, :HEAD], image, words[:, HEAD + image.shape[1]:]), 1)
        exponents = torch.arange(0, WIDTH // HEADS, 2) / (WIDTH // HEADS)
        angles = batch["positions"].float().unsqueeze(-1) * 10000.0 ** -exponents
        both = torch.cat((angles, angles), -1).unsqueeze(1)
        cosine, sine = both.cos().bfloat16(), both.sin().bfloat16()
        routings = []
        for layer in self.layers:
            stream, routing = layer(stream, cosine, sine, batch["mask"])
            routings.append(routing)
        hidden = self.norm(stream)
        hidden = hidden + self.copied(hidden, batch["objects"], batch["numbers"])
        return F.linear(hidden.flatten(0, 1)[batch["places"]], self.embedding.weight).float(), routings


def entropy(shares):
    return -(shares * shares.clamp_min(1e-20).log()).sum(-1)


def balance(routings, counted):
    total = 0
    for logits, probabilities, weights in routings:
        share = counted.float() / counted.sum()
        total = total + 0.01 * (1 - (entropy(weights) * share).sum() / math.log(TOP))
        total = total + 0.01 * (1 - entropy((probabilities * share.unsqueeze(-1)).sum((0, 1))) / math.log(EXPERTS))
        total = total + 0.001 * (logits.logsumexp(-1).square() * share).sum()
    return total / len(routings)


def made_up_lessons(count, features):
    image_rows = 1 + (SIDE // 32) ** 2 + OBJECTS
    before = HEAD + image_rows + 1
    length = before + QUESTIONS * (ASKED + ANSWERED)
    questions = torch.zeros(length, dtype=torch.long)
    positions = torch.arange(length)
    labelled = torch.zeros(length, dtype=torch.bool)
    for question in range(QUESTIONS):
        begin = before + question * (ASKED + ANSWERED)
        questions[begin:begin + ASKED + ANSWERED] = question + 1
        positions[begin:begin + ASKED + ANSWERED] = torch.arange(before, before + ASKED + ANSWERED)
        labelled[begin + ASKED:begin + ASKED + ANSWERED] = True
    order = torch.arange(length)
    mask = (order[None] <= order[:, None]) & ((questions[None] == questions[:, None]) | (questions[None] == 0))
    is_image = (order >= HEAD) & (order < HEAD + image_rows)
    objects = torch.zeros(count, OBJECTS, features)
    objects[:, :12, 4], objects[:, :12, CLASSES:] = 1, torch.rand(count, 12, features - CLASSES)
    places = labelled.expand(count, -1).flatten().nonzero().squeeze(1)
    return {
        "pixels": torch.randn(count, 3, SIDE, SIDE).to(memory_format=torch.channels_last),
        "ids": torch.randint(300, VOCABULARY, (count, length)),
        "positions": positions.expand(count, -1),
        "mask": torch.zeros(length, length, dtype=torch.bfloat16).masked_fill(~mask, -math.inf).expand(count, 1, -1, -1),
        "objects": objects,
        "numbers": torch.zeros(count, length, dtype=torch.long),
        "places": places,
        "labels": torch.randint(300, VOCABULARY, (len(places),)),
        "image": is_image.expand(count, -1),
    }


class Step:
    """Backward, clipping, AdamW and the running mean of the weights."""

    def __init__(self, parameters):
        self.parameters = [parameter for parameter in parameters if parameter.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=1e-4, betas=(0.9, 0.98), weight_decay=0.05, fused=True)
        self.average = [parameter.detach().clone() for parameter in self.parameters]

    def __call__(self, loss):
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 5.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        torch._foreach_lerp_(self.average, [parameter.detach() for parameter in self.parameters], 0.002)


def decoder_step(starter, count):
    starter.tower.requires_grad_(False)
    batch = made_up_lessons(count, starter.features)
    step = Step(starter.parameters())

    def run():
        with torch.autocast("cpu", torch.bfloat16):
            logits, routings = starter(batch)
        loss = F.cross_entropy(logits, batch["labels"])
        step(loss + (balance(routings, batch["image"]) + balance(routings, ~batch["image"])) / 2)

    return run, step


def tower_step(starter, count):
    tower = starter.tower.to(memory_format=torch.channels_last)
    tower.train()
    step = Step(tower.parameters())
    pixels = torch.randint(0, 256, (count, 3, SIDE, SIDE), dtype=torch.uint8)
    cells = SIDE // 4
    heat = torch.where(torch.rand(count, CLASSES, cells, cells) > 0.999, 1.0, 0.1)
    geometry, places = torch.rand(count, 6, cells, cells), (torch.rand(count, 1, cells, cells) > 0.99).float()
    scene, attributes = torch.randint(0, SCENES, (count,)), torch.randint(0, 2, (count, ATTRIBUTES)).float()

    def run():
        with torch.autocast("cpu", torch.bfloat16):
            seen = pixels.to(memory_format=torch.channels_last).bfloat16() / 127.5 - 1
            _, said, boxes, scenes, marks = tower(seen)
        said, boxes = said.float(), boxes.float()
        log_yes, log_no = F.logsigmoid(said), F.logsigmoid(-said)
        yes = log_yes.detach().exp()
        positive = (heat == 1).float()
        likelihood = (1 - yes).square() * log_yes * positive + yes.square() * log_no * (1 - heat).pow(4) * (1 - positive)
        found = -likelihood.sum() / positive.sum().clamp_min(1)
        error = (F.smooth_l1_loss(boxes, geometry, reduction="none", beta=0.05) * places).sum() / places.sum()
        loss = found + error + 2 * F.cross_entropy(scenes.float(), scene, label_smoothing=0.1)
        step(loss + 0.5 * F.binary_cross_entropy_with_logits(marks.float(), attributes))

    return run, step


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--attention", choices=["fused", "spelled_out"], default="fused")
    arguments = parser.parse_args()
    Layer.attend = staticmethod({"fused": fused, "spelled_out": spelled_out}[arguments.attention])
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    results = {"torch": torch.__version__}
    for name, make in (("decoder", decoder_step), ("tower", tower_step)):
        run, step = make(Starter(), arguments.batch)
        run()
        begin = time.perf_counter()
        for _ in range(arguments.steps):
            run()
        milliseconds = (time.perf_counter() - begin) / arguments.steps * 1000
        results[name] = {"milliseconds": milliseconds, "parameters": sum(p.numel() for p in step.parameters)}
    print(json.dumps(results))


if __name__ == "__main__":
    main()
