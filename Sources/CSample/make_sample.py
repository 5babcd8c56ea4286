"""Cuts the embedded sample from the full data sets.

    python3 make_sample.py DATA

DATA is the folder with rlvr/, lora/, activations/ and transfer/. Needs numpy and safetensors. Writes data/ and
the table sample.c beside this script. data/ORIGIN.md says what the data are.
"""

import json
import pathlib
import shutil
import struct
import sys

import numpy as np
from safetensors.numpy import load_file, save_file

HERE = pathlib.Path(__file__).parent
OUT = HERE / "data"
V_PROJ = "model.layers.1.self_attn.v_proj.weight"


def copy_tensors(source, target, names):
    """Copies tensors byte for byte, whatever their type: numpy has no bfloat16."""
    raw = source.read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + length])
    out, data = {"__metadata__": header.get("__metadata__", {})}, b""
    for name in names:
        entry = header[name]
        begin, end = entry["data_offsets"]
        piece = raw[8 + length + begin : 8 + length + end]
        out[name] = {**entry, "data_offsets": [len(data), len(data) + len(piece)]}
        data += piece
    text = json.dumps(out, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    target.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main(data):
    shutil.copy(data / "rlvr/step-0300.safetensors", OUT / "model.safetensors")
    (OUT / "run").mkdir(exist_ok=True)
    for file in sorted((data / "rlvr").glob("step-*.safetensors")):
        copy_tensors(file, OUT / "run" / file.name, [V_PROJ])

    gradients = load_file(data / "lora/gradients.safetensors")
    kept = {}
    for step in ["0000", "0010", "0020", "0050", "0100", "0200"]:
        kept[f"step-{step}"] = np.ascontiguousarray(gradients[f"fixed.step-{step}.{V_PROJ}"])
    save_file(kept, OUT / "gradients.safetensors")

    # The adapters themselves are 2.2 MB; every figure of a trajectory follows from their Gram matrix.
    config = json.loads((data / "lora/adapter_config.json").read_text())
    scale = config["lora_alpha"] / config["r"]
    files = sorted((data / "lora").glob("step-*.safetensors"))[1:]
    rows = []
    for file in files:
        adapter = load_file(file)
        modules = sorted(name[: -len(".lora_A.weight")] for name in adapter if name.endswith(".lora_A.weight"))
        rows.append(np.concatenate([
            (scale * adapter[f"{m}.lora_B.weight"].astype(np.float64) @ adapter[f"{m}.lora_A.weight"].astype(np.float64)).ravel()
            for m in modules
        ]))
    displacements = np.array(rows)
    steps = np.array([float(file.stem.split("-")[1]) for file in files])
    save_file({"gram": displacements @ displacements.T, "steps": steps}, OUT / "adapters-gram.safetensors")

    sentiment = load_file(data / "activations/sentiment.safetensors")
    neutral = load_file(data / "activations/neutral.safetensors")
    other = load_file(data / "transfer/transfer.safetensors")
    save_file(
        {
            "positive": sentiment["sentiment.positive.layer_4"], "negative": sentiment["sentiment.negative.layer_4"],
            "neutral": neutral["neutral.layer_4"], "other.neutral": other["neutral.y"],
            "other.positive": other["sentiment.positive.y"], "other.negative": other["sentiment.negative.y"],
        },
        OUT / "activations.safetensors",
    )

    names = sorted(str(path.relative_to(OUT)) for path in OUT.rglob("*.safetensors"))
    lines = ["// Made by make_sample.py: the files of data/, embedded.", "", '#include "CSample.h"', ""]
    lines += ['#pragma clang diagnostic ignored "-Wc23-extensions"', ""]
    for i, name in enumerate(names):
        lines += [f"static const unsigned char file_{i}[] = {{", f'#embed "data/{name}"', "};"]
    lines += ["", "static const CSampleFile files[] = {"]
    lines += [f'  {{"{name}", file_{i}, sizeof file_{i}}},' for i, name in enumerate(names)]
    lines += ["};", "", "size_t csample_count(void) { return sizeof files / sizeof files[0]; }", ""]
    lines += ["const CSampleFile *csample_file(size_t i) { return i < csample_count() ? &files[i] : NULL; }", ""]
    (HERE / "sample.c").write_text("\n".join(lines))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
