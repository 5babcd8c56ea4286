"""Times this library beside its peers: the same inputs, in one run, in turn, errors beside times.

Run it through scripts/bench, which builds the worker and the Python environment.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy
from safetensors.numpy import load_file

import busy
import cases as table_of_cases
import memory

# OpenBLAS lets its idle threads spin for about 0.1 s, which would disturb whoever is timed next.
PAUSE = 0.15
# Rounds of a call that takes longer than this are fewer.
LONG = 3.0


class Worker:
    """The Swift side, one process for all runs."""

    def __init__(self, path, **environment):
        self.process = subprocess.Popen(
            [path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | environment)

    def ask(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().rstrip("\n")
        if answer.startswith("error") or not answer:
            raise RuntimeError(f"the worker answers {answer!r} to {words}")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def timed(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def measure(worker, case, rounds, folder):
    """Seconds of each round and errors, of ours and of each peer, run in turn after one warm-up each."""
    if getattr(case, "file", None):
        worker.ask("load", case.operation, case.file)
    else:
        paths = [folder / f"{i}.npy" for i in range(len(case.inputs))]
        for path, array in zip(paths, case.inputs):
            np.save(path, array)
        worker.ask("load", case.operation, *paths)
        for path in paths:
            path.unlink()

    def ours():
        output = folder / "ours.safetensors"
        worker.ask("write", output)
        return load_file(output)

    worker.ask("run")
    case.prepare(ours())
    times = {"ours": []} | {name: [] for name in case.peers}
    errors = {"ours": case.errors(*case.of_ours(ours()))}
    done = set()
    for name, call in case.peers.items():
        seconds, result = timed(call)
        errors[name] = case.errors(*case.unpack(result))
        if seconds > LONG:
            times[name].append(seconds)
            done.add(name)
    for _ in range(rounds):
        time.sleep(PAUSE)
        times["ours"].append(float(worker.ask("run")))
        for name, call in case.peers.items():
            if name in done and len(times[name]) >= 2:
                continue
            time.sleep(PAUSE)
            times[name].append(timed(call)[0])
    return times, errors


def result(case, times, errors):
    medians = {who: statistics.median(values) for who, values in times.items()}
    peers = {who: seconds for who, seconds in medians.items() if who != "ours"}
    same_precision = [who for who in peers if not (case.is_single() and who in case.float64_peers)]
    # Each kind of error against the best peer in it.
    best = {kind: min(errors[who][kind] for who in same_precision) for kind in errors["ours"]}
    return {
        "name": case.name,
        "ours_s": medians["ours"],
        "spread_s": max(times["ours"]) - min(times["ours"]),
        "peers": peers,
        "ratio": min(peers.values()) / medians["ours"],
        "must": case.must,
        "floors": case.floors,
        "error_ours": max(errors["ours"].values()),
        "error_best_peer": max(best.values()),
        "errors": errors,
        # What is below the rounding of one number is no error.
        "inexact": [
            kind for kind in best.keys() - case.uncompared
            if errors["ours"][kind] > max(4 * best[kind], np.finfo(case.inputs[0].dtype).eps)
        ],
    }


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    flags = next((line for line in open("/proc/cpuinfo") if line.startswith("flags")), "")
    vector = next((name for name in ["avx512f", "avx2", "avx"] if f" {name}" in flags), "sse2")
    return {"cpu": model, "vector": vector, "cores": os.cpu_count(), "system": platform.platform()}


def versions(openblas):
    found = {"openblas": openblas, "numpy": np.__version__, "scipy": scipy.__version__}
    if table_of_cases.torch:
        import sklearn
        found |= {"torch": table_of_cases.torch.__version__, "scikit-learn": sklearn.__version__}
    return found | {"python": platform.python_version()}


def misses(r):
    """Whether a ratio is below its floor, or that to a single peer below one of its own."""
    # The short form has not every peer.
    floors = {who: floor for who, floor in r["floors"].items() if who in r["peers"]}
    return r["ratio"] < r["must"] or any(r["peers"][who] / r["ours_s"] < floor for who, floor in floors.items())


def table(results):
    header = ["case", "ours ms", "± ms", "best peer ms", "ratio", "must", "error", "peer's error"]
    rows = [header]
    for r in results:
        best = min(r["peers"], key=r["peers"].get)
        rows.append([
            r["name"], f"{1e3 * r['ours_s']:.2f}", f"{1e3 * r['spread_s']:.2f}", f"{1e3 * r['peers'][best]:.2f} {best}",
            f"{r['ratio']:.2f}", f"{r['must']:g}" + (" ✗" if misses(r) else ""),
            f"{r['error_ours']:.1e}", f"{r['error_best_peer']:.1e}" + (" ✗" if r["inexact"] else ""),
        ])
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", required=True, help="the built Swift worker")
    parser.add_argument("--smoke", action="store_true", help="small cases, few rounds, no result file")
    parser.add_argument("--rounds", type=int, default=None, help="timed rounds a case (default 5, smoke 3)")
    parser.add_argument("--only", default="", help="only cases whose name holds this text")
    parser.add_argument("--memory", action="store_true", help="only what each method holds in memory")
    parser.add_argument("--busy", action="store_true", help="only the slow-down beside a busy process on every core")
    parser.add_argument(
        "--lagging", action="store_true",
        help="as where OpenBLAS does not know the processor: it starts with its oldest kernels, which the library mends")
    arguments = parser.parse_args()
    rounds = arguments.rounds or (3 if arguments.smoke else 5)

    environment = {"BENCH_START_KERNELS": "Prescott"} if arguments.lagging else {}
    worker = Worker(arguments.worker, **environment)
    timed_cases = not (arguments.memory or arguments.busy)
    results = []
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for name, make in table_of_cases.cases(arguments.smoke, folder, os.cpu_count()):
                if arguments.only in name and timed_cases:
                    print(f"… {name}", file=sys.stderr)
                    case = make(name)
                    results.append(result(case, *measure(worker, case, rounds, folder)))
                    print("  " + table(results[-1:]).splitlines()[1], file=sys.stderr)
        openblas = worker.ask("info")
    finally:
        worker.close()
    held, slow = [], []
    if arguments.busy or not (arguments.only or arguments.smoke or arguments.memory):
        with tempfile.TemporaryDirectory() as name:
            slow = busy.measure(
                lambda: Worker(arguments.worker, **environment), arguments.smoke, pathlib.Path(name), arguments.only)
    if not (arguments.only or arguments.busy):
        with tempfile.TemporaryDirectory() as name:
            # Freed memory that is kept for later is not held.
            held = memory.measure(
                lambda: Worker(arguments.worker, LINEARSTRUCTURES_KEPT_BYTES="0", **environment), load_file,
                arguments.smoke, pathlib.Path(name))
    if results:
        print(table(results))
    print(f"OpenBLAS of ours: {openblas}")
    if held:
        print(memory.table(held))
    if slow:
        print(busy.table(slow))
    if not (arguments.smoke or arguments.only):
        path = pathlib.Path(__file__).parent / "results" / "latest.json"
        if arguments.memory:
            out = json.loads(path.read_text()) | {"memory": held}
        elif arguments.busy:
            out = json.loads(path.read_text()) | {"busy": slow}
        else:
            out = {
                "machine": machine(), "versions": versions(openblas), "cases": results, "memory": held, "busy": slow}
        if arguments.lagging:
            path = path.with_name("lagging.json")
        path.write_text(json.dumps(out, indent=2) + "\n")
    # A wrong answer is no benchmark: ours may not be worse than the best peer by more than a factor of 4.
    inexact = [f"{r['name']} ({', '.join(r['inexact'])})" for r in results if r["inexact"]]
    if inexact:
        sys.exit(f"less exact than the best peer by more than a factor of 4: {'; '.join(inexact)}")
    heavy = [r["method"] for r in held if memory.exceeds(r)]
    if heavy:
        sys.exit(f"more than {memory.MOST:g} copies of the input beside the result: {', '.join(heavy)}")
    hindered = [r["name"] for r in slow if busy.exceeds(r)]
    if hindered:
        sys.exit(f"more than {busy.MOST:g} times the fair slow-down beside busy processes: {', '.join(hindered)}")
    # Small cases on a busy machine vary: only a collapse is an error.
    collapsed = [r["name"] for r in results if arguments.smoke and r["ratio"] < r["must"] / 2]
    if collapsed:
        sys.exit(f"less than half of the ratio that must be reached: {', '.join(collapsed)}")


if __name__ == "__main__":
    main()
