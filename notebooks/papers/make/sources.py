"""Where the data of the sample papers lie. What is not made by computation comes from packages installed beforehand."""

import csv
import json
from pathlib import Path

_VEGA = Path(__file__).resolve().parents[3] / "node_modules" / "vega-datasets" / "data"


def vega_path(name: str) -> Path:
    """Path of a file of the npm package vega-datasets."""
    path = _VEGA / name
    if not path.is_file():
        raise FileNotFoundError(
            f"{name} of vega-datasets is missing: run `npm ci` in the repository root first"
        )
    return path


def vega_rows(name: str) -> list[dict]:
    """The rows of a CSV or JSON table of vega-datasets."""
    text = vega_path(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines())) if name.endswith(".csv") else json.loads(text)
