"""Reference figures of the tour, for LinstructTests.

    python3 make_tour_reference.py DATA

DATA is the folder that Sources/CSample/make_sample.py cuts the sample from: rlvr/, lora/, activations/ and transfer/
with a .json file each, whose figures were computed by numpy in float64 and rounded to nine digits. Writes
tour-reference.json beside this script.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
V_PROJ = "model.layers.1.self_attn.v_proj.weight"


def line(fit):
    return {"energy": fit["ev1"], "r2": fit["r2"], "slope": fit["a"], "intercept": fit["b"]}


def main(data):
    def reference(name):
        return json.loads((data / name / f"{name}.json").read_text())["reference"]

    rlvr, lora = reference("rlvr"), reference("lora")
    window = rlvr["windows"]["0.30"]
    gradients = lora["gradients"][f"fixed.{V_PROJ}"]
    steps = sorted(gradients, key=int)
    sentiment = reference("activations")["4"]["sentiment"]
    transfer = reference("transfer")
    figures = {
        "drift": {
            "steps": [int(step) for step in steps],
            "energy": [gradients[step]["top8_energy"] for step in steps],
            "overlap": [gradients[step]["overlap"] for step in steps],
            "chance": lora["overlap_random"][V_PROJ],
        },
        "prefix": {"captured": lora["displacement_captured"]},
        "direction": {
            "norm": sentiment["norm"],
            "accuracy": sentiment["test_acc"],
            "pairedAccuracy": sentiment["paired_test_acc"],
        },
        "transfer": {
            "lambda": transfer["lam"],
            "r2Holdout": transfer["r2_total"],
            "cosine": transfer["cosine"]["sentiment->sentiment"],
        },
        "trajectory": {
            "tensor": V_PROJ,
            "whole": line(rlvr["tensors"][V_PROJ]),
            "observed": line(window["tensors"][V_PROJ]),
            "lastObserved": window["last_observed_step"],
            "relativeError": window["tensors"][V_PROJ]["rel_err"],
        },
    }
    (HERE / "tour-reference.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
