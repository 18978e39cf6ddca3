"""Outlines from a TopoJSON file (format: https://github.com/topojson/topojson-specification)."""

import json
from pathlib import Path

import numpy as np


def polygons(path: Path, layer: str) -> dict[str, list[np.ndarray]]:
    """For each geometry of a layer, by its id: its outer rings as arrays of longitude and latitude (degrees)."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    scale, origin = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + origin for arc in topology["arcs"]]

    def ring(indices: list[int]) -> np.ndarray:
        # A complemented index runs its arc backwards; each arc begins where the one before ended.
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    shapes = {}
    for geometry in topology["objects"][layer]["geometries"]:
        several = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        shapes[str(geometry["id"]).zfill(2)] = [ring(polygon[0]) for polygon in several]
    return shapes
