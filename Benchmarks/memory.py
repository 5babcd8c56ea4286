"""What each method of the decomposition holds beside its input and its result, in copies of the input.

Each is measured in a process of its own, after a small run that brings in what libraries keep for themselves.
"""

import numpy as np

# No method may hold more; pages, stacks and the buffers of BLAS come to a few MiB beside it.
MOST, SLACK_BYTES = 3.0, 12 << 20


def cases(smoke):
    """(method, operation, shapes, dtype)."""
    n = 1536 if smoke else 2560
    f32, f64 = np.float32, np.float64
    yield "one-pass bidiagonalization", "svd:one-pass bidiagonalization", [(n, n)], f32
    yield "one-pass bidiagonalization", "svd:one-pass bidiagonalization", [(n + 9, n)], f64
    yield "one-pass bidiagonalization, values", "values", [(n, n)], f32
    yield "QR iteration", "svd:QR iteration", [(n // 3, n // 3)], f64
    yield "Gram matrix", "svd:Gram matrix", [(2 * n, n)], f32
    yield "Gram matrix", "svd:Gram matrix", [(n, 2 * n)], f32
    yield "Gram matrix of few rows, one direction", "few-rows", [(16, 1_000_000)], f32
    yield "Cholesky QR", "svd:Cholesky QR", [(7 * n // 2, n)], f64
    yield "Cholesky QR", "svd:Cholesky QR", [(n, 7 * n // 2)], f64
    yield "Cholesky QR", "svd:Cholesky QR", [(7 * n, n)], f32
    yield "block Krylov, rank 16", "rank:16", [(2 * n, 2 * n)], f32
    yield "Jacobi rotations, batch of 32x32", "batch:32", [(32 * 1000, 32)], f32
    yield "product B·A, rank 64", "low-rank", [(16 * n, 64), (64, 16 * n)], f32
    yield "symmetric eigen", "eigen", [(n, n)], f32
    long = 2_000_000
    yield "default, one long column", "svd", [(long, 1)], f32
    yield "default, two long columns", "svd", [(long, 2)], f64
    yield "default, one long row", "svd", [(1, long)], f32
    yield "basis of two long columns", "basis", [(long, 2)], f32
    yield "capture by two long columns", "capture", [(long, 2), (long, 1)], f32
    yield "angles of two long columns", "angles", [(long, 2), (long, 2)], f32


def measure(make_worker, load_file, smoke, folder):
    """A list of what each holds: `beside` and `result` in copies of the input."""
    rng = np.random.default_rng(1)
    results = []
    for method, operation, shapes, dtype in cases(smoke):
        arrays = [rng.standard_normal(shape).astype(dtype) for shape in shapes]
        if operation == "eigen":
            arrays = [a + a.T for a in arrays]
        # The same kind of matrix, small.
        rows, columns = {
            "batch:32": (320, 32), "few-rows": (16, 1000), "eigen": (96, 96),
        }.get(operation, (max(32, shapes[0][0] // 16), max(32, shapes[0][1] // 16)))
        small = [arrays[0][:128], arrays[1][:, :128]] if operation == "low-rank" else [a[:rows, :columns] for a in arrays]
        worker = make_worker()
        try:
            for inputs, request in [(small, "run"), (arrays, "memory")]:
                paths = [folder / f"{i}.npy" for i in range(len(inputs))]
                for path, a in zip(paths, inputs):
                    np.save(path, np.ascontiguousarray(a))
                worker.ask("load", operation, *paths)
                answer = worker.ask(request)
                for path in paths:
                    path.unlink()
            output = folder / "result.safetensors"
            worker.ask("write", output)
            result = sum(tensor.nbytes for tensor in load_file(output).values())
            output.unlink()
        finally:
            worker.close()
        size = sum(a.nbytes for a in arrays)
        results.append({
            "method": method, "shapes": [list(shape) for shape in shapes], "dtype": np.dtype(dtype).name,
            "result": result / size, "beside": (int(answer) - result) / size, "input_bytes": size,
        })
    return results


def table(results):
    lines = ["copies of the input held beside it: method, shape, beside the result, the result"]
    for r in results:
        shape = " · ".join("x".join(map(str, shape)) for shape in r["shapes"])
        mark = " ✗" if exceeds(r) else ""
        lines.append(f"  {r['method']:40s} {shape + ' ' + r['dtype']:28s} {r['beside']:5.2f}{mark} {r['result']:5.2f}")
    return "\n".join(lines)


def exceeds(r):
    return r["beside"] > MOST + SLACK_BYTES / r["input_bytes"]
