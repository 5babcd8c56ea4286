"""What is timed: each case has its inputs, its peers, the floor its ratio must reach, and how a result is judged."""

import ctypes
import ctypes.util

import numpy as np
import scipy.linalg
import scipy.sparse.linalg

try:
    import sklearn.utils.extmath
    import torch
except ImportError:
    # The short form for CI goes without: they weigh gigabytes.
    torch = sklearn = None


def orthonormality(columns):
    return float(np.linalg.norm(columns.T @ columns - np.eye(columns.shape[1]), 2))


def svd_errors(a, u, s, vt, reference):
    """In float64: of the values, of both orthonormalities, of the reconstruction."""
    a, u, s, vt = (np.asarray(x, dtype=np.float64) for x in (a, u, s, vt))
    return {
        "values": float(np.max(np.abs(s - reference[: len(s)])) / reference[0]),
        "u": orthonormality(u),
        "v": orthonormality(vt.T),
        "a": float(np.linalg.norm(a - (u * s) @ vt) / np.linalg.norm(a)),
    }


def two_sided_residual(a, u, s, vt):
    left = a @ vt.T - u * s
    right = a.T @ u - vt.T * s
    return float(max(np.linalg.norm(left, axis=0).max(), np.linalg.norm(right, axis=0).max()) / s[0])


class Case:
    """Inputs for the worker, and calls of peers on the same inputs."""

    # Peers that compute float32 input in float64: their time counts, their error is another computation's.
    float64_peers = {"numpy"}
    # Floors of single peers above that of the best.
    floors = {}
    # Errors that are reported, but not compared with those of the peers.
    uncompared = set()

    def __init__(self, name, must, operation, inputs, peers):
        self.name, self.must, self.operation, self.inputs = name, must, operation, inputs
        self.peers = {peer: call for peer, call in peers.items() if call is not None}

    def prepare(self, ours):
        """Called once with our result, where peers have to be set to the same exactness."""

    def unpack(self, result):
        """A peer's result as u, s, vt."""
        return tuple(np.asarray(x) for x in result)

    def of_ours(self, tensors):
        return tensors["u"], tensors["s"], tensors["vt"]

    def is_single(self):
        return self.inputs[0].dtype == np.float32


class FullSVD(Case):
    def __init__(self, name, must, a, has_scipy=True):
        t = torch and torch.from_numpy(a)
        super().__init__(name, must, "svd", [a], {
            "numpy": lambda: np.linalg.svd(a, full_matrices=False),
            "scipy": (lambda: scipy.linalg.svd(a, full_matrices=False)) if has_scipy else None,
            "torch": torch and (lambda: torch.linalg.svd(t, full_matrices=False)),
        })
        self.reference = np.linalg.svd(a.astype(np.float64), compute_uv=False)

    def errors(self, u, s, vt):
        return svd_errors(self.inputs[0], u, s, vt, self.reference)


class Values(Case):
    def __init__(self, name, must, a):
        t = torch and torch.from_numpy(a)
        super().__init__(name, must, "values", [a], {
            "numpy": lambda: np.linalg.svd(a, compute_uv=False),
            "scipy": lambda: scipy.linalg.svd(a, compute_uv=False),
            "torch": torch and (lambda: torch.linalg.svdvals(t)),
        })
        self.reference = np.linalg.svd(a.astype(np.float64), compute_uv=False)

    def unpack(self, result):
        return (np.asarray(result),)

    def of_ours(self, tensors):
        return (tensors["s"],)

    def errors(self, s):
        return {"values": float(np.max(np.abs(s.astype(np.float64) - self.reference)) / self.reference[0])}


class FewRows(Case):
    """σ, the temporal vectors and the first direction of few long rows, by the recipe that people write."""

    floors = {"numpy": 2}

    def __init__(self, name, must, x, bfloat16=None):
        t = torch and torch.from_numpy(x)

        def by_numpy(read=lambda: x):
            rows = read()
            values, vectors = np.linalg.eigh(rows @ rows.T)
            s, u = np.sqrt(np.maximum(values[::-1], 0)), vectors[:, ::-1]
            return u, s, (u[:, :1].T @ rows) / s[0]

        def by_torch(read=lambda: t):
            rows = read()
            values, vectors = torch.linalg.eigh(rows @ rows.T)
            s, u = values.flip(0).clamp(min=0).sqrt(), vectors.flip(1)
            return u, s, (u[:, :1].T @ rows) / s[0]

        if bfloat16 is None:
            peers = {"numpy": by_numpy, "torch": torch and by_torch}
        else:
            import safetensors.torch

            offset = 8 + int.from_bytes(open(bfloat16, "rb").read(8), "little")

            def widened():
                bits = np.fromfile(bfloat16, dtype=np.uint16, offset=offset)
                return (bits.astype(np.uint32) << 16).view(np.float32).reshape(x.shape)

            peers = {
                "numpy": lambda: by_numpy(widened),
                "torch": lambda: by_torch(lambda: safetensors.torch.load_file(bfloat16)["x"].float()),
            }
        # The recipe's sums are numpy's own in float32.
        self.float64_peers = set()
        super().__init__(name, must, "few-rows", [x], peers)
        self.file = bfloat16
        gram = np.zeros((x.shape[0],) * 2)
        for start in range(0, x.shape[1], 1 << 18):
            block = x[:, start : start + (1 << 18)].astype(np.float64)
            gram += block @ block.T
        self.reference = np.sqrt(np.maximum(np.linalg.eigvalsh(gram)[::-1], 0))

    def errors(self, u, s, vt):
        x, u, s, v = self.inputs[0], u.astype(np.float64), s.astype(np.float64), vt[0].astype(np.float64)
        expected = np.concatenate([
            u[:, 0] @ x[:, start : start + (1 << 18)].astype(np.float64)
            for start in range(0, x.shape[1], 1 << 18)
        ])
        return {
            "values": float(np.max(np.abs(s - self.reference)) / self.reference[0]),
            "u": orthonormality(u),
            "v": float(abs(np.linalg.norm(v) - 1)),
            "a": float(np.linalg.norm(expected - s[0] * v) / self.reference[0]),
        }


class Truncated(Case):
    """Rank k; each randomized peer iterates until its two-sided residual is no larger than ours."""

    # The peers are set to reach ours; what lies below it is theirs to spend.
    uncompared = {"residual"}

    def __init__(self, name, must, a, k):
        super().__init__(name, must, f"rank:{k}", [a], {
            "scipy": lambda: scipy.sparse.linalg.svds(a, k=k, solver="arpack"),
        })
        self.k, self.tensor = k, torch and torch.from_numpy(a)
        self.float64_peers = set()

    def prepare(self, ours):
        a, k = self.inputs[0], self.k
        goal = two_sided_residual(a.astype(np.float64), *(x.astype(np.float64) for x in self.of_ours(ours)))
        if torch is None:
            return

        def least(call):
            """The fewest iterations that reach our residual."""
            for n in [2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48]:
                u, s, vt = (np.asarray(x, dtype=np.float64) for x in call(n))
                if two_sided_residual(a.astype(np.float64), u, s, vt) <= goal:
                    return n
            return n

        def by_torch(n):
            u, s, v = torch.svd_lowrank(self.tensor, q=k + 8, niter=n)
            return u[:, :k], s[:k], v[:, :k].T

        def by_sklearn(n):
            return sklearn.utils.extmath.randomized_svd(a, k, n_oversamples=10, n_iter=n, random_state=0)

        torch_n, sklearn_n = least(by_torch), least(by_sklearn)
        self.peers |= {
            f"torch niter={torch_n}": lambda: by_torch(torch_n),
            f"sklearn n_iter={sklearn_n}": lambda: by_sklearn(sklearn_n),
        }

    def unpack(self, result):
        u, s, vt = (np.asarray(x) for x in result)
        order = np.argsort(-s)
        return u[:, order], s[order], vt[order]

    def errors(self, u, s, vt):
        u, s, vt = (x.astype(np.float64) for x in (u, s, vt))
        return {
            "residual": two_sided_residual(self.inputs[0].astype(np.float64), u, s, vt),
            "u": orthonormality(u), "v": orthonormality(vt.T),
        }


class Batch(Case):
    def __init__(self, name, must, batch):
        count, m, n = batch.shape
        t = torch and torch.from_numpy(batch)

        def by_scipy():
            parts = [scipy.linalg.svd(a, full_matrices=False) for a in batch]
            return tuple(np.stack(x) for x in zip(*parts))

        super().__init__(name, must, f"batch:{m}", [batch.reshape(count * m, n)], {
            "numpy": lambda: np.linalg.svd(batch, full_matrices=False),
            "torch": torch and (lambda: torch.linalg.svd(t, full_matrices=False)),
            # Where torch is absent, one peer has to compute in float32.
            "scipy": None if torch else by_scipy,
        })
        self.batch = batch
        self.reference = np.linalg.svd(batch.astype(np.float64), compute_uv=False)

    def errors(self, u, s, vt):
        a = self.batch.astype(np.float64)
        count, m, n = a.shape
        u, s, vt = (x.astype(np.float64) for x in (u.reshape(count, m, -1), s, vt.reshape(count, -1, n)))
        eye, scale = np.eye(s.shape[1]), self.reference[:, :1]
        return {
            "values": float(np.max(np.abs(s - self.reference) / scale)),
            "u": float(np.linalg.norm(u.transpose(0, 2, 1) @ u - eye, 2, axis=(1, 2)).max()),
            "v": float(np.linalg.norm(vt @ vt.transpose(0, 2, 1) - eye, 2, axis=(1, 2)).max()),
            "a": float((np.linalg.norm(a - (u * s[:, None]) @ vt, axis=(1, 2)) / np.linalg.norm(a, axis=(1, 2))).max()),
        }


class LowRank(Case):
    """B·A without forming it: two QR factorizations and the decomposition of the core."""

    def __init__(self, name, must, b, a):
        tb, ta = (torch and torch.from_numpy(x) for x in (b, a))

        def by(qr, svd, b, a):
            (qb, rb), (qa, ra) = qr(b), qr(a.T)
            u, s, vt = svd(rb @ ra.T)
            return qb @ u, s, vt @ qa.T

        super().__init__(name, must, "low-rank", [b, a], {
            "numpy": lambda: by(np.linalg.qr, lambda x: np.linalg.svd(x, full_matrices=False), b, a),
            "torch": torch and (
                lambda: by(torch.linalg.qr, lambda x: torch.linalg.svd(x, full_matrices=False), tb, ta)),
            "scipy": None if torch else (lambda: by(
                lambda x: scipy.linalg.qr(x, mode="economic"), lambda x: scipy.linalg.svd(x, full_matrices=False), b, a)),
        })
        self.product = b.astype(np.float64) @ a.astype(np.float64)
        (_, rb), (_, ra) = np.linalg.qr(b.astype(np.float64)), np.linalg.qr(a.T.astype(np.float64))
        self.reference = np.linalg.svd(rb @ ra.T, compute_uv=False)

    def errors(self, u, s, vt):
        return svd_errors(self.product, u, s, vt, self.reference)


class Eigen(Case):
    def __init__(self, name, must, a):
        t = torch and torch.from_numpy(a)
        super().__init__(name, must, "eigen", [a], {
            "numpy": lambda: np.linalg.eigh(a),
            "scipy": lambda: scipy.linalg.eigh(a, driver="evd"),
            "torch": torch and (lambda: torch.linalg.eigh(t)),
        })
        self.reference = np.linalg.eigvalsh(a.astype(np.float64))[::-1]

    def unpack(self, result):
        values, vectors = (np.asarray(x) for x in result)
        return values[::-1], vectors[:, ::-1].T

    def of_ours(self, tensors):
        return tensors["s"], tensors["vt"]

    def errors(self, s, vt):
        a, s, vt = (x.astype(np.float64) for x in (self.inputs[0], s, vt))
        scale = np.abs(self.reference).max()
        return {
            "values": float(np.max(np.abs(s - self.reference)) / scale),
            "v": orthonormality(vt.T),
            "a": float(np.linalg.norm(a @ vt.T - vt.T * s) / np.linalg.norm(a)),
        }


class Angles(Case):
    def __init__(self, name, must, a, b):
        super().__init__(name, must, "angles", [a, b], {"scipy": lambda: scipy.linalg.subspace_angles(a, b)})
        self.reference = np.sort(scipy.linalg.subspace_angles(a.astype(np.float64), b.astype(np.float64)))

    def unpack(self, result):
        return (np.sort(np.asarray(result)),)

    def of_ours(self, tensors):
        return (tensors["s"],)

    def errors(self, angles):
        return {"angles": float(np.max(np.abs(angles.astype(np.float64) - self.reference)))}


class Product(Case):
    """A·B against the same OpenBLAS, called as from C, and against the products of numpy and torch."""

    floors = {"OpenBLAS": 0.97, "torch": 0.95}

    def __init__(self, name, must, a, b, threads):
        library = ctypes.CDLL(ctypes.util.find_library("openblas") or "libopenblas.so.0")
        (m, k), n = a.shape, b.shape[1]
        c = np.empty((m, n), dtype=np.float32)

        def pointer(x):
            return x.ctypes.data_as(ctypes.c_void_p)

        def by_c():
            library.openblas_set_num_threads(threads)
            library.cblas_sgemm(
                101, 111, 111, m, n, k, ctypes.c_float(1), pointer(a), k, pointer(b), n, ctypes.c_float(0), pointer(c), n)
            return c

        # numpy's product of float32 matrices is one of float32.
        self.float64_peers = set()
        t, u = torch and torch.from_numpy(a), torch and torch.from_numpy(b)
        super().__init__(name, must, "product", [a, b], {
            "OpenBLAS": by_c, "numpy": lambda: a @ b, "torch": torch and (lambda: t @ u),
        })
        self.reference = a.astype(np.float64) @ b.astype(np.float64)

    def unpack(self, result):
        return (np.asarray(result),)

    def of_ours(self, tensors):
        return (tensors["product"],)

    def errors(self, product):
        return {"product": float(np.linalg.norm(product - self.reference) / np.linalg.norm(self.reference))}


def decaying(n, power, rng):
    """n×n with σᵢ = i^-power between random orthonormal bases."""
    u, _ = np.linalg.qr(rng.standard_normal((n, n)).astype(np.float32))
    v, _ = np.linalg.qr(rng.standard_normal((n, n)).astype(np.float32))
    return ((u * np.arange(1, n + 1, dtype=np.float32) ** -power) @ v).astype(np.float32)


def few_rows(rows, length, rng):
    """Rows of a walk with drift, as the snapshots of a run, made block by block."""
    x = np.empty((rows, length), dtype=np.float32)
    for start in range(0, length, 1 << 20):
        width = min(1 << 20, length - start)
        steps = rng.standard_normal((rows, width), dtype=np.float32) + 0.3 * rng.standard_normal(width, dtype=np.float32)
        x[:, start : start + width] = np.cumsum(steps, axis=0)
    return x


def cases(smoke, folder, threads):
    """(name, function that makes the case), so that inputs exist one at a time."""
    rng = np.random.default_rng(0)

    def normal(*shape, dtype=np.float32):
        return rng.standard_normal(shape).astype(dtype)

    def symmetric(n):
        a = normal(n, n)
        return a + a.T

    def bfloat16(x):
        import safetensors.torch

        path = str(folder / "x.safetensors")
        t = torch.from_numpy(x).bfloat16()
        safetensors.torch.save_file({"x": t}, path)
        return FewRows("few rows 32x4000000 bf16 file", 1.3, t.float().numpy(), path)

    for label, dtype, floor in [("f32", np.float32, 1.5), ("f64", np.float64, 1.25)]:
        for n in [256] if smoke else [256, 512, 900]:
            yield f"square svd {n} {label}", lambda name: FullSVD(name, floor, normal(n, n, dtype=dtype))
        for n in [] if smoke else [1024, 1500, 2048]:
            yield f"square svd {n} {label}", lambda name: FullSVD(name, 1.25, normal(n, n, dtype=dtype))
    for n in [256] if smoke else [512, 1024, 2048, 4096]:
        yield f"square values {n} f32", lambda name: Values(name, 1.5, normal(n, n))
    for m, n, floor in [(4000, 64, 4)] if smoke else [(100_000, 64, 4), (20_000, 512, 2.3), (8192, 1024, 2)]:
        yield f"tall svd {m}x{n} f32", lambda name: FullSVD(name, floor, normal(m, n), has_scipy=torch is None)
    for t, p in [(16, 200_000)] if smoke else [(32, 4_000_000), (8, 16_000_000)]:
        yield f"few rows {t}x{p} f32", lambda name: FewRows(name, 1.3, few_rows(t, p, rng))
    if not smoke:
        yield "few rows 32x4000000 bf16 file", lambda name: bfloat16(few_rows(32, 4_000_000, rng))
    for n, k, power in [(512, 8, 1)] if smoke else [(4096, 16, 0.5), (4096, 64, 0.5), (4096, 16, 1), (4096, 64, 1)]:
        yield f"rank {k} of {n}x{n} i^-{power}", lambda name: Truncated(name, 1.5, decaying(n, power, rng), k)
    if not smoke:
        yield "rank 32 of 11008x4096 normal+decay", lambda name: Truncated(
            name, 1.5, np.vstack([decaying(4096, 0.5, rng) for _ in range(3)])[:11008].copy(), 32)
    sizes = [(500, 8, 8), (200, 16, 6)] if smoke else [(10_000, 8, 8), (10_000, 16, 6), (1000, 32, 3), (1000, 64, 2.5)]
    for count, n, floor in sizes:
        yield f"batch {count}x{n}x{n} f32", lambda name: Batch(name, floor, normal(count, n, n))
    for m, r, n in [(1024, 16, 1024)] if smoke else [(4096, 16, 4096), (11008, 64, 4096)]:
        yield f"low rank {m}x{r}x{n} f32", lambda name: LowRank(name, 2.5, normal(m, r), normal(r, n))
    for n in [256] if smoke else [512, 1024, 2048]:
        yield f"symmetric eigen {n} f32", lambda name: Eigen(name, 0.95, symmetric(n))
    for m, n in [(4096, 32)] if smoke else [(4096, 64), (100_000, 16)]:
        yield f"angles {m}x{n} f32", lambda name: Angles(name, 5, normal(m, n), normal(m, n))
    for n in [256] if smoke else [512, 2048, 4096]:
        yield f"product {n} f32", lambda name: Product(name, 0.9, normal(n, n), normal(n, n), threads)
