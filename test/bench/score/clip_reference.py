"""
The reference's pictures and captions per second: transformers and torch on the processors, Pillow for pictures.

    python clip_reference.py MODEL_FOLDER INPUTS.json BATCH

For each line on standard input, `images` or `texts`, it embeds all of them and prints the seconds that took.
"""

import json
import sys
import time

import torch
from PIL import Image
from transformers import AutoTokenizer, CLIPImageProcessor, CLIPModel


def batches(items: list, size: int):
    for start in range(0, len(items), size):
        yield items[start : start + size]


def main(folder: str, inputs: str, size: int) -> None:
    given = json.loads(open(inputs, encoding="utf-8").read())
    model = CLIPModel.from_pretrained(folder).eval()
    processor = CLIPImageProcessor.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def images() -> None:
        for paths in batches(given["images"], size):
            pictures = [Image.open(path).convert("RGB") for path in paths]
            model.get_image_features(**processor(pictures, return_tensors="pt"))

    def texts() -> None:
        for captions in batches(given["texts"], size):
            tokens = tokenizer(captions, padding=True, truncation=True, max_length=77, return_tensors="pt")
            model.get_text_features(**tokens)

    versions = {"torch": torch.__version__, "threads": torch.get_num_threads()}
    print(json.dumps(versions), flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            start = time.perf_counter()
            {"images": images, "texts": texts}[line.strip()]()
            print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
