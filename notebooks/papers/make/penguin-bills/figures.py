"""Penguins of the Palmer Archipelago (CC0), from vega-datasets."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Ellipse, Polygon
from scipy.stats import linregress

from plotting import BLUE, GREEN, GREY, ORANGE, save
from sources import vega_rows
from wording import count, fixed, percent

SPECIES = {"Adelie": (ORANGE, "o"), "Chinstrap": (GREEN, "^"), "Gentoo": (BLUE, "s")}
LENGTH, DEPTH, FLIPPER, MASS = "Beak Length (mm)", "Beak Depth (mm)", "Flipper Length (mm)", "Body Mass (g)"


def column(rows, name: str) -> np.ndarray:
    return np.array([row[name] for row in rows], dtype=float)


def schematic(out: Path) -> None:
    figure, axes = plt.subplots(figsize=(4.2, 2.2), layout="none")
    figure.subplots_adjust(0, 0, 1, 1)
    axes.add_patch(Ellipse((0.16, 0.47), 0.50, 0.62, angle=6, color="#3b3f46"))
    axes.add_patch(Ellipse((0.24, 0.58), 0.075, 0.12, color="white"))
    axes.add_patch(Ellipse((0.245, 0.58), 0.04, 0.07, color="black"))
    upper = [
        (0.37, 0.62),
        (0.52, 0.61),
        (0.68, 0.57),
        (0.80, 0.50),
        (0.87, 0.41),
        (0.85, 0.38),
        (0.78, 0.44),
        (0.38, 0.48),
    ]
    lower = [(0.38, 0.47), (0.77, 0.43), (0.70, 0.39), (0.56, 0.35), (0.36, 0.35)]
    axes.add_patch(Polygon(upper, closed=True, facecolor="#c8733a", edgecolor="#5a3315", lw=0.8))
    axes.add_patch(Polygon(lower, closed=True, facecolor="#d98d54", edgecolor="#5a3315", lw=0.8))
    arrow = {"arrowstyle": "<->", "lw": 1.3, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (0.37, 0.82), (0.87, 0.82), arrowprops=arrow | {"color": BLUE})
    axes.plot([0.37, 0.37], [0.62, 0.85], [0.87, 0.87], [0.41, 0.85], color=BLUE, lw=0.6, ls=":")
    axes.text(0.62, 0.85, "bill length $L$", color=BLUE, ha="center", va="bottom", fontsize=10)
    axes.annotate("", (0.50, 0.35), (0.50, 0.61), arrowprops=arrow | {"color": "#7b1fa2"})
    axes.plot([0.50, 0.50], [0.35, 0.22], color="#7b1fa2", lw=0.6, ls=":")
    axes.text(0.50, 0.20, "bill depth $D$", color="#7b1fa2", ha="center", va="top", fontsize=10)
    axes.set(xlim=(-0.14, 0.95), ylim=(0.05, 1.0))
    axes.axis("off")
    save(figure, out / "measures.jpg", dpi=180)


def regression(axes, x, y, colour):
    fit = linregress(x, y)
    line = np.array([x.min(), x.max()])
    axes.plot(line, fit.slope * line + fit.intercept, color=colour, lw=1.6)
    return fit


def bills(rows, out: Path):
    length, depth = column(rows, LENGTH), column(rows, DEPTH)
    figure, axes = plt.subplots(figsize=(3.0, 2.6))
    axes.scatter(length, depth, s=9, color=GREY, lw=0)
    pooled = regression(axes, length, depth, "k")
    axes.set(xlabel="bill length (mm)", ylabel="bill depth (mm)")
    save(figure, out / "bills-pooled.pdf")
    figure, axes = plt.subplots(figsize=(3.0, 2.6))
    fits = {}
    for name, (colour, marker) in SPECIES.items():
        own = [row for row in rows if row["Species"] == name]
        x, y = column(own, LENGTH), column(own, DEPTH)
        axes.scatter(x, y, s=9, color=colour, marker=marker, lw=0, alpha=0.75, label=name)
        fits[name] = regression(axes, x, y, colour)
    axes.set(xlabel="bill length (mm)", ylabel="bill depth (mm)")
    axes.legend(loc="lower left", handletextpad=0.1)
    save(figure, out / "bills-species.pdf")
    return pooled, fits


def dimorphism(rows, out: Path) -> dict[str, float]:
    figure, axes = plt.subplots(figsize=(3.6, 2.6))
    gap = {}
    for i, (name, (colour, _)) in enumerate(SPECIES.items()):
        both = [
            column([r for r in rows if r["Species"] == name and r["Sex"] == sex], MASS) / 1000
            for sex in ("FEMALE", "MALE")
        ]
        gap[name] = both[1].mean() / both[0].mean() - 1
        boxes = axes.boxplot(
            both,
            positions=[i - 0.19, i + 0.19],
            widths=0.3,
            patch_artist=True,
            medianprops={"color": "k"},
            flierprops={"ms": 3},
        )
        for box, alpha in zip(boxes["boxes"], (0.35, 0.9)):
            box.set_facecolor(to_rgba(colour, alpha))
    axes.set_xticks(range(3), SPECIES)
    axes.set(ylabel="body mass (kg)")
    axes.text(0.02, 0.97, "left: female, right: male", transform=axes.transAxes, va="top", fontsize=7)
    save(figure, out / "dimorphism.png", dpi=220)
    return gap


def flippers(rows, out: Path):
    figure, axes = plt.subplots(1, 3, figsize=(6.2, 2.3), sharex=True, sharey=True)
    fits = {}
    for panel, (name, (colour, marker)) in zip(axes, SPECIES.items()):
        own = [row for row in rows if row["Species"] == name]
        panel.scatter(column(rows, FLIPPER), column(rows, MASS) / 1000, s=4, color="#dddddd", lw=0)
        x, y = column(own, FLIPPER), column(own, MASS) / 1000
        panel.scatter(x, y, s=8, color=colour, marker=marker, lw=0)
        fits[name] = regression(panel, x, y, "k")
        panel.set(title=name, xlabel="flipper length (mm)")
    axes[0].set_ylabel("body mass (kg)")
    save(figure, out / "flippers.pdf")
    return fits


def islands(rows, out: Path) -> dict[str, str]:
    adelie = [row for row in rows if row["Species"] == "Adelie"]
    figure, axes = plt.subplots(figsize=(3.4, 2.3))
    numbers = {}
    for i, island in enumerate(("Biscoe", "Dream", "Torgersen")):
        values = column([row for row in adelie if row["Island"] == island], LENGTH)
        # A fixed spread, so that the picture is the same at each making.
        spread = np.linspace(-0.25, 0.25, len(values))[
            np.argsort(np.argsort(np.sin(np.arange(len(values)) * 12.9)))
        ]
        axes.plot(i + spread, values, ".", color=ORANGE, ms=4)
        axes.plot([i - 0.32, i + 0.32], [values.mean()] * 2, color="k", lw=1.5)
        numbers[f"adelie_{island.lower()}"] = fixed(values.mean(), 1)
        numbers[f"adelie_{island.lower()}_n"] = str(len(values))
    axes.set_xticks(range(3), ("Biscoe", "Dream", "Torgersen"))
    axes.set(ylabel="bill length (mm)")
    save(figure, out / "islands.pdf")
    return numbers


def centroid_accuracy(rows, names) -> float:
    """Leave-one-out accuracy of the nearest species mean in standardised measures."""
    x = np.array([[row[name] for name in names] for row in rows], dtype=float)
    species = np.array([row["Species"] for row in rows])
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    right = 0
    for i in range(len(x)):
        rest = np.arange(len(x)) != i
        distance = {s: np.linalg.norm(x[i] - x[rest & (species == s)].mean(axis=0)) for s in SPECIES}
        right += min(distance, key=distance.get) == species[i]
    return right / len(x)


def build(out: Path) -> dict[str, str]:
    everything = vega_rows("penguins.json")
    rows = [row for row in everything if row[LENGTH] is not None]
    plots = out / "figures"
    schematic(plots)
    pooled, fits = bills(rows, plots)
    gap = dimorphism(rows, plots)
    mass = flippers(rows, plots)
    numbers = islands(rows, plots) | {
        "birds": count(len(everything)),
        "measured": count(len(rows)),
        "sexed": count(sum(row["Sex"] in ("MALE", "FEMALE") for row in rows)),
        "pooled_slope": fixed(pooled.slope, 3),
        "pooled_r": fixed(pooled.rvalue, 2),
        "accuracy_length": percent(centroid_accuracy(rows, [LENGTH])),
        "accuracy_depth": percent(centroid_accuracy(rows, [DEPTH])),
        "accuracy_both": percent(centroid_accuracy(rows, [LENGTH, DEPTH])),
    }
    for name in SPECIES:
        own, key = [row for row in rows if row["Species"] == name], name.lower()
        numbers |= {
            f"{key}_n": str(len(own)),
            f"{key}_length": fixed(column(own, LENGTH).mean(), 1),
            f"{key}_length_sd": fixed(column(own, LENGTH).std(ddof=1), 1),
            f"{key}_depth": fixed(column(own, DEPTH).mean(), 1),
            f"{key}_depth_sd": fixed(column(own, DEPTH).std(ddof=1), 1),
            f"{key}_mass": fixed(column(own, MASS).mean() / 1000, 2),
            f"{key}_slope": fixed(fits[name].slope, 2),
            f"{key}_r": fixed(fits[name].rvalue, 2),
            f"{key}_dimorphism": percent(gap[name], 0),
            f"{key}_mass_slope": fixed(1000 * mass[name].slope, 0),
        }
    return numbers
