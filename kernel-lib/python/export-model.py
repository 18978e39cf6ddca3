"""Exports a CLIP, a SigLIP or a masked language model from PyTorch's weights to the ONNX files that figloom reads.

    python export-model.py SOURCE FOLDER clip|masked-lm [TYPE]
    python export-model.py --check

SOURCE is a folder as transformers saves it; TYPE is what its config.json is taken to say where that names no
model_type. FOLDER gets the layout of transformers.js: config.json, tokenizer.json, tokenizer_config.json,
preprocessor_config.json, onnx/*.onnx, in single precision. Nothing that SOURCE holds is executed: weights are read as
numbers only, code beside them is ignored, and nothing is fetched. The last line on standard output is JSON: what it was
made with, what is missing, or what went wrong.
"""

import importlib
import json
import os
import shutil
import sys

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
NEEDED = ["torch", "transformers", "onnx"]
OPSET = 17
# PyTorch's values and the graph's may differ by the order in which they are added up.
TOLERANCE = 1e-3


def say(**result):
    print(json.dumps(result), flush=True)


def missing_packages():
    return [name for name in NEEDED if not has(name)]


def has(name):
    try:
        importlib.import_module(name)
        return True
    except ImportError:
        return False


def versions(*names):
    modules = [(name, importlib.import_module(name)) for name in names if has(name)]
    return ", ".join(f"{name} {module.__version__}" for name, module in modules)


def read_config(source, named_type):
    """The settings; transformers would else guess a missing model_type from the folder's path."""
    from transformers import AutoConfig

    with open(os.path.join(source, "config.json"), encoding="utf8") as file:
        said = json.load(file)
    model_type = said.get("model_type") or named_type
    if not model_type:
        raise SystemExit("config.json names no model_type")
    return AutoConfig.for_model(model_type, **{key: value for key, value in said.items() if key != "model_type"})


def load(auto_class, source, config):
    import torch

    safe = any(name.endswith(".safetensors") for name in os.listdir(source))
    model, info = auto_class.from_pretrained(
        source,
        config=config,
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=safe,
        weights_only=True,
        attn_implementation="eager",
        dtype=torch.float32,
        output_loading_info=True,
    )
    # A head that is not in the weights would be made up of random numbers.
    lacking = sorted(key for key in info["missing_keys"] if not key.endswith("position_ids"))
    if lacking:
        raise SystemExit(f"the weights lack {', '.join(lacking[:4])}: they are of another kind of model")
    return model.eval()


def towers(model, config):
    """The two halves of a CLIP or SigLIP, as (file, wrapper, inputs, output)."""
    import torch

    projected = config.model_type == "clip"

    class Text(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.tower = model.text_model
            self.head = model.text_projection if projected else torch.nn.Identity()

        def forward(self, input_ids):
            return self.head(self.tower(input_ids=input_ids).pooler_output)

    class Vision(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.tower = model.vision_model
            self.head = model.visual_projection if projected else torch.nn.Identity()

        def forward(self, pixel_values):
            return self.head(self.tower(pixel_values=pixel_values).pooler_output)

    vision = config.vision_config
    length = config.text_config.max_position_embeddings

    def texts(count):
        ids = torch.randint(3, config.text_config.vocab_size - 1, (count, length))
        # The end of the text, at which CLIP's tower looks, is the token with the highest number.
        ids[:, -1] = config.text_config.vocab_size - 1
        return (ids,)

    def pictures(count):
        return (torch.randn(count, vision.num_channels, vision.image_size, vision.image_size),)

    names = ("text_embeds", "image_embeds") if projected else ("pooler_output", "pooler_output")
    return [
        ("text_model", Text(), texts, {"input_ids": {0: "batch", 1: "length"}}, names[0]),
        ("vision_model", Vision(), pictures, {"pixel_values": {0: "batch"}}, names[1]),
    ]


def language_model(model, config, tokenizer):
    import torch

    kinds = ["input_ids", "attention_mask"]
    if "token_type_ids" in tokenizer.model_input_names and getattr(config, "type_vocab_size", 0) > 0:
        kinds.append("token_type_ids")

    class Logits(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, *values):
            return self.model(**dict(zip(kinds, values))).logits

    def sample(count):
        length = 10 + 3 * count
        mask = torch.ones(count, length, dtype=torch.int64)
        mask[0, length - 3 :] = 0
        values = {
            "input_ids": torch.randint(5, config.vocab_size, (count, length)),
            "attention_mask": mask,
            "token_type_ids": torch.zeros(count, length, dtype=torch.int64),
        }
        return tuple(values[kind] for kind in kinds)

    axes = {kind: {0: "batch", 1: "length"} for kind in kinds}
    return [("model", Logits(), sample, axes, "logits")]


def write_graph(folder, name, wrapper, sample, axes, output):
    import torch

    path = os.path.join(folder, "onnx", f"{name}.onnx")
    out_axes = {0: "batch", 1: "length"} if output == "logits" else {0: "batch"}
    with torch.no_grad():
        torch.onnx.export(
            wrapper.eval(),
            sample(2),
            path,
            input_names=list(axes),
            output_names=[output],
            dynamic_axes={**axes, output: out_axes},
            opset_version=OPSET,
            do_constant_folding=True,
            dynamo=False,
        )
    return path


def difference(path, wrapper, sample):
    """How far the graph is from PyTorch, on more and longer items than it was traced with; None without a runtime."""
    import torch

    if not has("onnxruntime"):
        return None
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = sample(3)
    with torch.no_grad():
        expected = wrapper(*inputs)
    names = [given.name for given in session.get_inputs()]
    (found,) = session.run(None, {name: value.numpy() for name, value in zip(names, inputs)})
    return float((torch.from_numpy(found) - expected).abs().max() / expected.abs().max())


def write_texts(source, folder, config, tokenizer, kind):
    longest = getattr(getattr(config, "text_config", config), "max_position_embeddings", 512)
    if tokenizer.model_max_length > longest:
        # RoBERTa's positions begin behind the number of the padding.
        offset = config.pad_token_id + 1 if config.model_type in ("roberta", "xlm-roberta", "camembert") else 0
        tokenizer.model_max_length = longest - offset
    tokenizer.save_pretrained(folder)
    config.save_pretrained(folder)
    for name in os.listdir(folder):
        if name.endswith(".py"):
            raise SystemExit(f"{name} is code, and none was expected")
    if kind == "clip":
        name = "preprocessor_config.json"
        if not os.path.exists(os.path.join(source, name)):
            raise SystemExit(f"{name} is missing: it says how pictures are prepared")
        shutil.copyfile(os.path.join(source, name), os.path.join(folder, name))


def export(source, folder, kind, named_type):
    import torch
    from transformers import AutoModel, AutoModelForMaskedLM, AutoTokenizer

    torch.manual_seed(0)
    config = read_config(source, named_type)
    print("reading the weights", flush=True)
    model = load(AutoModel if kind == "clip" else AutoModelForMaskedLM, source, config)
    tokenizer = AutoTokenizer.from_pretrained(
        source, config=config, local_files_only=True, trust_remote_code=False, use_fast=True
    )
    if not tokenizer.is_fast:
        raise SystemExit("its tokenizer cannot be written as tokenizer.json")
    os.makedirs(os.path.join(folder, "onnx"), exist_ok=True)
    graphs = towers(model, config) if kind == "clip" else language_model(model, config, tokenizer)
    differences = []
    for name, wrapper, sample, axes, output in graphs:
        print(f"writing onnx/{name}.onnx", flush=True)
        path = write_graph(folder, name, wrapper, sample, axes, output)
        differences.append(difference(path, wrapper, sample))
    write_texts(source, folder, config, tokenizer, kind)
    if None in differences:
        checked = "not compared with PyTorch (onnxruntime is not installed)"
    else:
        checked = f"within {max(differences):.0e} of PyTorch"
        if max(differences) > TOLERANCE:
            raise SystemExit(f"the graphs are not what the model is: {max(differences):.2g} off PyTorch's values")
    say(made=f"exported with {versions('torch', 'transformers', 'onnx')}; {checked}")


def main(arguments):
    missing = missing_packages()
    if missing:
        say(missing=missing)
        return 3
    if arguments == ["--check"]:
        say()
        return 0
    try:
        export(*arguments, *([None] if len(arguments) == 3 else []))
        return 0
    except SystemExit as error:
        say(error=str(error))
    except Exception as error:
        say(error=f"{type(error).__name__}: {error}"[:2000])
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
