"""Principal angles from scipy for SubspaceTests: writes angles.json beside itself.

Run with numpy and scipy installed:  python3 make_fixtures.py
"""

import json
import pathlib

import numpy as np
import scipy.linalg


def main():
    rng = np.random.default_rng(0)
    cases = []
    for d, a, b in [(5, 2, 2), (20, 3, 7), (20, 7, 3), (40, 8, 8), (6, 6, 2), (9, 1, 1), (12, 8, 8)]:
        left, right = rng.standard_normal((d, a)), rng.standard_normal((d, b))
        cases.append({"left": left.tolist(), "right": right.tolist()})
    near = rng.standard_normal((30, 4))
    for size in [1e-3, 1e-6, 1e-9]:
        cases.append({"left": near.tolist(), "right": (near + size * rng.standard_normal((30, 4))).tolist()})
    for case in cases:
        angles = scipy.linalg.subspace_angles(np.array(case["left"]), np.array(case["right"]))
        case["angles"] = angles[::-1].tolist()
    out = {"scipy": scipy.__version__, "cases": cases}
    pathlib.Path(__file__).with_name("angles.json").write_text(json.dumps(out))


if __name__ == "__main__":
    main()
