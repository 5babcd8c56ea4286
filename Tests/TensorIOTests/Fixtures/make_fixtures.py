"""Files written by numpy and by the reference safetensors library, for TensorIOTests.

Run with numpy and safetensors installed:  python3 make_fixtures.py
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
A = np.array([[1.5, -2.25, 3.0], [0.0, 1e-3, -4.0]])


def main():
    for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        values = A if code[0] == "f" else np.array([[1, 2, 3], [4, 5, 100]])
        for order in "<>":
            if code[1] == "1" and order == ">":
                continue
            typed = np.ascontiguousarray(values).astype(order + code)
            np.save(HERE / f"{'little' if order == '<' else 'big'}-{code}.npy", typed)
    np.save(HERE / "bool.npy", np.array([[True, False], [False, True]]))
    np.save(HERE / "fortran.npy", np.asfortranarray(A))
    np.save(HERE / "scalar.npy", np.float64(7.0))
    np.save(HERE / "vector.npy", np.arange(5, dtype=np.float32))
    np.save(HERE / "cube.npy", np.zeros((2, 3, 4)))
    np.save(HERE / "empty.npy", np.zeros((0, 3), dtype=np.float32))
    for version in [(2, 0), (3, 0)]:
        with open(HERE / f"version-{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, A, version=version)
    np.savez(HERE / "stored.npz", a=A, b=np.arange(4))
    np.savez_compressed(HERE / "deflated.npz", a=A)
    i = np.arange(40_000)
    np.savez_compressed(
        HERE / "blocks.npz",
        dynamic=(i * i % 977 % 100).astype(np.uint8),
        random=((i * 7919 + i * i * 104_729) % 251).astype(np.uint8)[:5000],
        zeros=np.zeros(300_000, dtype=np.float32),
    )
    np.save(HERE / "fortran-cube.npy", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
    np.save(HERE / "fortran-4d.npy", np.asfortranarray(np.arange(24, dtype=np.int16).reshape(2, 3, 2, 2)))
    tensors = {
        "b.f32": A.astype(np.float32),
        "a.f32": np.arange(3, dtype=np.float32),
        "double": A,
        "half": A.astype(np.float16),
        "bytes": np.arange(5, dtype=np.uint8),
        "long": np.array([-1, 2**40], dtype=np.int64),
        "scalar": np.array(2.5, dtype=np.float32),
        "experts": np.arange(12, dtype=np.float32).reshape(2, 2, 3),
        "empty": np.zeros((0, 3), dtype=np.float32),
    }
    save_file(tensors, HERE / "reference.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
