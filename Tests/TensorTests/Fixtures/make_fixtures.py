"""Reference results from numpy and scipy (float64) for TensorTests: writes reference.json beside itself.

The matrices are made by formula on both sides (see Families.swift), so only results are stored.
Run with numpy and scipy installed:  python3 make_fixtures.py
"""

import json
import pathlib

import numpy as np
import scipy.linalg

MASK = (1 << 64) - 1


class SeededGenerator:
    """xoshiro256** seeded by SplitMix64, as in Sources/Tensor/Random/SeededGenerator.swift."""

    def __init__(self, seed):
        self.s = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            z = seed
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self.s.append(z ^ (z >> 31))

    def next(self):
        s = self.s
        x = (s[1] * 5) & MASK
        result = ((((x << 7) | (x >> 57)) & MASK) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = ((s[3] << 45) | (s[3] >> 19)) & MASK
        return result

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53


def random(m, n, seed):
    g = SeededGenerator(seed)
    return np.array([g.uniform() - 0.5 for _ in range(m * n)]).reshape(m, n)


def family(name, m, n):
    i, j = np.arange(m)[:, None], np.arange(n)[None, :]
    if name == "random":
        return random(m, n, 1)
    if name == "rank-deficient":
        r = max(1, min(m, n) // 3)
        return random(m, r, 2) @ random(r, n, 3)
    if name == "graded":
        return random(m, n, 4) * 10.0 ** (-8.0 * j / max(n, 1))
    if name == "hilbert":
        return 1.0 / (i + j + 1)
    if name == "kahan":
        c = 0.285
        return (1 - c * c) ** (0.5 * i) * np.where(i == j, 1.0, np.where(j > i, -c, 0.0))
    if name == "repeated columns":
        return random(m, n, 5)[:, np.arange(n) % max(1, (n + 1) // 2)]
    if name == "zero columns":
        return random(m, n, 6) * (j % 3 != 1)
    raise ValueError(name)


FAMILIES = ["random", "rank-deficient", "graded", "hilbert", "kahan", "repeated columns", "zero columns"]
SHAPES = [(1, 1), (2, 2), (3, 3), (17, 17), (64, 64), (257, 257), (1, 17), (17, 1), (64, 17), (17, 64), (257, 64)]


def main():
    out = {"numpy": np.__version__, "scipy": scipy.__version__, "singular_values": []}
    for name in FAMILIES:
        for m, n in SHAPES:
            values = np.linalg.svd(family(name, m, n), compute_uv=False)
            out["singular_values"].append({"family": name, "rows": m, "columns": n, "values": values.tolist()})
    a, b = random(17, 17, 7), random(17, 3, 8)
    symmetric = a + a.T
    tall, deficient = random(40, 17, 9), family("rank-deficient", 40, 17)
    right = random(40, 2, 10)
    definite = a @ a.T + np.eye(17)
    q, r = np.linalg.qr(tall)
    out["solve"] = np.linalg.solve(a, b).ravel().tolist()
    out["eigenvalues"] = np.linalg.eigvalsh(symmetric)[::-1].tolist()
    out["cholesky"] = np.linalg.cholesky(definite).ravel().tolist()
    out["r"] = (np.sign(np.diag(r))[:, None] * r).ravel().tolist()
    out["least_squares"] = np.linalg.lstsq(tall, right, rcond=None)[0].ravel().tolist()
    x, _, rank, _ = np.linalg.lstsq(deficient, right, rcond=None)
    out["deficient_least_squares"] = x.ravel().tolist()
    out["deficient_rank"] = int(rank)
    out["norms"] = [float(np.linalg.norm(a, kind)) for kind in ("fro", 1, np.inf, 2)]
    out["product"] = (tall.T @ right).ravel().tolist()
    out["orth_rank"] = scipy.linalg.orth(deficient).shape[1]
    sigma = np.linalg.svd(a, compute_uv=False)
    e = sigma**2 / np.sum(sigma**2)
    s = sigma / sigma.sum()
    out["spectrum"] = {
        "participation_ratio": float(1 / np.sum(e**2)),
        "stable_rank": float(np.sum(sigma**2) / sigma[0] ** 2),
        "entropy_rank_energy": float(np.exp(-np.sum(e * np.log(e)))),
        "entropy_rank_values": float(np.exp(-np.sum(s * np.log(s)))),
        "condition": float(np.linalg.cond(a)),
        "rank_90": int(np.searchsorted(np.cumsum(e), 0.9) + 1),
        "matrix_rank": int(np.linalg.matrix_rank(deficient)),
    }
    path = pathlib.Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(out))


if __name__ == "__main__":
    main()
