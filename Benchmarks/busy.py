"""How much slower each class of work becomes beside busy processes, one on every core: ours, numpy and torch.

Run it through scripts/bench --busy. With one busy process on a core each of the two gets half of it, so the fair
slow-down is 2. A library whose threads wait for each other by spinning loses far more: a thread that waits uses up
the share of the one that it waits for.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import scipy.linalg

try:
    import torch
except ImportError:
    torch = None

# The slow-down that a fair scheduler gives beside one busy process per core.
FAIR = 2.0
# The largest slow-down that is accepted, in multiples of the fair one.
MOST = 4.0


class Spinners:
    """A process on every core that does nothing but run."""

    def __enter__(self):
        self.processes = []
        for core in sorted(os.sched_getaffinity(0)):
            process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            os.sched_setaffinity(process.pid, {core})
            self.processes.append(process)
        time.sleep(0.5)

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()


def cases(smoke):
    """Name, operation of the worker, inputs, and the calls of the peers."""
    generator = np.random.default_rng(7)

    def normal(rows, columns, dtype=np.float32):
        return generator.standard_normal((rows, columns)).astype(dtype)

    n = 256 if smoke else 1024
    square, other, tall = normal(n, n), normal(n, n), normal(20 * n, n // 8)
    symmetric = square + square.T
    definite = square @ square.T + n * np.eye(n, dtype=np.float32)

    def peers(of_numpy, of_torch):
        return {"numpy": of_numpy, "torch": torch and of_torch}

    t = {name: torch.from_numpy(value) for name, value in
         [("square", square), ("other", other), ("tall", tall), ("symmetric", symmetric), ("definite", definite)]
         } if torch else {}
    return [
        (f"svd {n}", "svd", [square], peers(
            lambda: np.linalg.svd(square, full_matrices=False),
            lambda: torch.linalg.svd(t["square"], full_matrices=False))),
        (f"values {n}", "values", [square], peers(
            lambda: np.linalg.svd(square, compute_uv=False), lambda: torch.linalg.svdvals(t["square"]))),
        (f"tall svd {20 * n}x{n // 8}", "svd", [tall], peers(
            lambda: np.linalg.svd(tall, full_matrices=False),
            lambda: torch.linalg.svd(t["tall"], full_matrices=False))),
        (f"eigen {n}", "eigen", [symmetric], peers(
            lambda: np.linalg.eigh(symmetric), lambda: torch.linalg.eigh(t["symmetric"]))),
        (f"qr {n}", "qr", [square], peers(lambda: np.linalg.qr(square), lambda: torch.linalg.qr(t["square"]))),
        (f"rank 16 of {n}", "rank:16", [square], peers(
            lambda: np.linalg.svd(square, full_matrices=False), lambda: torch.svd_lowrank(t["square"], 16, niter=4))),
        (f"product {n}", "product", [square, other], peers(
            lambda: square @ other, lambda: t["square"] @ t["other"])),
        (f"cholesky {n}", "cholesky", [definite], peers(
            lambda: np.linalg.cholesky(definite), lambda: torch.linalg.cholesky(t["definite"]))),
        (f"solve {n}", "solve", [square, other], peers(
            lambda: np.linalg.solve(square, other), lambda: torch.linalg.solve(t["square"], t["other"]))),
        (f"least squares {2 * n}x{n // 4}", "least-squares", [tall[:2 * n], other[:, :4].repeat(2, axis=0)], peers(
            lambda: np.linalg.lstsq(tall[:2 * n], other[:, :4].repeat(2, axis=0), rcond=None),
            lambda: torch.linalg.lstsq(t["tall"][:2 * n], t["other"][:, :4].repeat_interleave(2, dim=0),
                                       driver="gelsd"))),
        (f"angles {20 * n}x{n // 8}", "angles", [tall, tall[::-1].copy()], peers(
            lambda: scipy.linalg.subspace_angles(tall, tall[::-1]), None)),
    ]


def seconds(call, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
        if sum(times) > 20:
            break
    return statistics.median(times)


def measure(make_worker, smoke, folder, only=""):
    """One row per case: the seconds alone and beside busy processes, of ours and of each peer."""
    rows = []
    for name, operation, inputs, peers in cases(smoke):
        if only not in name:
            continue
        worker = make_worker()
        paths = [folder / f"busy-{i}.npy" for i in range(len(inputs))]
        for path, array in zip(paths, inputs):
            np.save(path, array)
        worker.ask("load", operation, *paths)
        calls = {"ours": lambda: worker.ask("run")} | {who: call for who, call in peers.items() if call}
        for call in calls.values():
            call()
        alone, busy = {}, {}
        for who, call in calls.items():
            time.sleep(0.15)
            alone[who] = seconds(call, 7)
        with Spinners():
            for who, call in calls.items():
                busy[who] = seconds(call, 7)
        worker.close()
        rows.append({"name": name, "alone": alone, "busy": busy,
                     "slowdown": {who: busy[who] / alone[who] for who in calls}})
        print("  " + line(rows[-1]), file=sys.stderr)
    return rows


def line(row):
    cells = [f"{who} {1e3 * row['alone'][who]:.1f} → {1e3 * row['busy'][who]:.1f} ms ({row['slowdown'][who]:.1f}x)"
             for who in row["slowdown"]]
    return f"{row['name']}: " + ", ".join(cells)


def table(rows):
    return "\n".join(["alone, and beside a busy process on every core (2x is fair)"] + ["  " + line(row) for row in rows])


def exceeds(row):
    return row["slowdown"]["ours"] > FAIR * MOST
