"""Lets a contender be driven over stdin and stdout, one JSON object a line; knows no framework.

open  {workload, mode}  builds the networks
load  {given, step}     takes the state that this step begins with from a file
check {given, step, result}      takes state and batch from a file, makes that one step, writes the state after it
time  {seconds}                  makes steps on random images and noise until the time is over: their milliseconds
"""

import gc
import json
import os
import sys
import time

import safetensors

# What a framework prints must not come between the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def serve(open_peer):
    """`open_peer(workload, mode)` gives an object with `load`, `state`, `step` and `random_step`."""
    peer = None
    for line in sys.stdin:
        command = json.loads(line)
        match command.pop("do"):
            case "open":
                peer = open_peer(**command)
                answer = {}
            case "load":
                answer = load(peer, **command)
            case "check":
                answer = check(peer, **command)
            case "time":
                answer = time_steps(peer.random_step, **command)
        print(json.dumps(answer), file=answers, flush=True)


def load(peer, given, step):
    arrays = safetensors.read(given)
    peer.load({name: array for name, array in arrays.items() if not name.startswith("given/")}, step)
    return {}


def check(peer, given, step, result):
    arrays = safetensors.read(given)
    inputs = {name.removeprefix("given/"): arrays.pop(name) for name in list(arrays) if name.startswith("given/")}
    peer.load(arrays, step)
    loss_d, loss_g = peer.step(inputs)
    safetensors.write(result, peer.state())
    return {"lossD": loss_d, "lossG": loss_g}


def time_steps(step, seconds):
    """The first two steps bring back into the caches what others threw out meanwhile; they do not count."""
    gc.collect()
    for _ in range(2):
        step()
    forget_peak()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    return {"times": times, "peakRssMb": status_mb("VmHWM"), "ownMb": status_mb("RssAnon")}


def forget_peak():
    """The memory of loading is not that of training: proc(5), clear_refs."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def status_mb(field):
    with open("/proc/self/status") as file:
        (line,) = (line for line in file if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024 / 1e6
