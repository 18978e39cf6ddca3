"""
The reference's pseudo-perplexities per second: transformers and torch on the processors, in the usual way: one caption
at a time, all its masked copies as one batch.

    python pppl_reference.py MODEL_FOLDER INPUTS.json

For each line on standard input, `original` or `within_word_l2r`, it judges all captions under that scheme and prints the
seconds that took.
"""

import json
import sys
import time

import torch
from transformers import AutoTokenizer, BertForMaskedLM


def main(folder: str, inputs: str) -> None:
    captions = json.loads(open(inputs, encoding="utf-8").read())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = BertForMaskedLM.from_pretrained(folder).eval()

    def pppl(caption: str, scheme: str) -> float:
        encoded = tokenizer(caption, return_tensors="pt")
        ids, words = encoded["input_ids"][0], encoded.word_ids()
        targets = range(1, len(ids) - 1)
        copies = ids.repeat(len(targets), 1)
        for row, target in enumerate(targets):
            copies[row, target] = tokenizer.mask_token_id
            later = target + 1
            while scheme == "within_word_l2r" and words[later] == words[target]:
                copies[row, later] = tokenizer.mask_token_id
                later += 1
        rows, places = torch.arange(len(targets)), torch.tensor(list(targets))
        logits = model(input_ids=copies, attention_mask=torch.ones_like(copies)).logits[rows, places]
        chosen = torch.log_softmax(logits, dim=-1)[rows, ids[places]]
        return torch.exp(-chosen.mean()).item()

    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            start = time.perf_counter()
            for caption in captions:
                pppl(caption, line.strip())
            print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
