"""Nuclei in fine needle aspirates of breast masses (UCI WDBC, CC BY 4.0), from scikit-learn."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon
from scipy.stats import gaussian_kde
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from plotting import BLUE, GREY, ORANGE, RED, save
from wording import count, fixed, percent

SHOWN = ("radius", "texture", "smoothness", "concave points", "symmetry", "fractal dimension")


def schematic(out: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    smooth = 1 + 0.03 * np.cos(2 * angle)
    rough = 1.25 + 0.16 * np.cos(3 * angle + 0.6) + 0.13 * np.cos(5 * angle) + 0.05 * np.cos(9 * angle)
    figure, axes = plt.subplots(1, 2, figsize=(5.2, 2.5), layout="none")
    figure.subplots_adjust(0.01, 0.02, 0.99, 0.90, wspace=0.02)
    for panel, radius, title in zip(axes, (smooth, rough), ("benign", "malignant")):
        outline = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
        panel.add_patch(Polygon(outline, closed=True, facecolor="#c9b3dd", edgecolor="#4b2a6b", lw=1.6))
        for i in range(0, 240, 30):
            panel.plot([0, outline[i, 0]], [0, outline[i, 1]], color="#4b2a6b", lw=0.6, ls=":")
        panel.plot(0, 0, "o", color="#4b2a6b", ms=3)
        panel.set(xlim=(-1.75, 1.75), ylim=(-1.6, 1.6), aspect="equal", title=title)
        panel.axis("off")
    left, right = axes
    left.text(0.52, 0.10, "$r$", fontsize=11)
    dents = [i for i in range(240) if rough[i] < rough[i - 1] and rough[i] <= rough[(i + 1) % 240]]
    for i in dents:
        point = np.array([rough[i] * np.cos(angle[i]), rough[i] * np.sin(angle[i])])
        right.plot(*point, "v", color=RED, ms=4)
    right.text(-1.72, -1.55, "▼ concave points", color=RED, fontsize=7)
    save(figure, out / "outline.jpg", dpi=180)


def violins(x, benign, names, out: Path) -> None:
    figure, axes = plt.subplots(2, 3, figsize=(6.4, 3.3))
    for panel, name in zip(axes.flat, SHOWN):
        column = x[:, names.index(f"mean {name}")]
        for side, mask, colour in ((-1, benign, BLUE), (1, ~benign, ORANGE)):
            grid = np.linspace(column.min(), column.max(), 200)
            density = gaussian_kde(column[mask])(grid)
            panel.fill_betweenx(grid, 0, side * density / density.max(), color=colour, alpha=0.75, lw=0)
            panel.plot([0, side], [np.median(column[mask])] * 2, color="k", lw=1)
        panel.set(title=name, xlim=(-1.1, 1.1))
        panel.set_xticks([-0.5, 0.5], ["benign", "malignant"])
    save(figure, out / "violins.pdf")


def ranking(x, y, names, out: Path) -> list[tuple[str, float]]:
    area = sorted(
        ((name, roc_auc_score(y, column)) for name, column in zip(names, x.T)), key=lambda pair: -pair[1]
    )
    figure, axes = plt.subplots(figsize=(4.4, 4.2))
    values = [value for _, value in area][::-1]
    colours = [
        BLUE if name.startswith("worst") else ORANGE if name.startswith("mean") else GREY for name, _ in area
    ][::-1]
    axes.barh(range(len(area)), values, color=colours, height=0.75)
    axes.set_yticks(range(len(area)), [name for name, _ in area][::-1], fontsize=5.5)
    axes.axvline(0.5, color="k", lw=0.6)
    axes.set(xlabel="area under the ROC curve", xlim=(0.4, 1), ylim=(-0.6, len(area) - 0.4))
    save(figure, out / "ranking.png", dpi=200)
    return area


def curves(x, y, names, out: Path) -> tuple[dict[str, float], np.ndarray]:
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000))
    sets = {
        "radius": ["mean radius"],
        "radius and texture": ["mean radius", "mean texture"],
        "all thirty": names,
    }
    figure, axes = plt.subplots(figsize=(3.1, 2.9))
    areas, chance = {}, None
    for label, chosen in sets.items():
        chance = cross_val_predict(
            model, x[:, [names.index(n) for n in chosen]], y, cv=folds, method="predict_proba"
        )[:, 1]
        false, true, _ = roc_curve(y, chance)
        areas[label] = roc_auc_score(y, chance)
        axes.plot(false, true, label=f"{label} ({areas[label]:.3f})")
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.6, ls="--")
    axes.set(
        xlabel="false positive rate",
        ylabel="true positive rate",
        aspect="equal",
        xlim=(-0.01, 1),
        ylim=(0, 1.01),
    )
    axes.legend(loc="lower right")
    save(figure, out / "roc.pdf")
    return areas, chance


def calibration(chance, y, out: Path) -> None:
    edges = np.linspace(0, 1, 11)
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(3.1, 3.2), sharex=True, height_ratios=(3, 1))
    bins = np.clip(np.digitize(chance, edges) - 1, 0, 9)
    filled = [i for i in range(10) if np.any(bins == i)]
    top.plot([0, 1], [0, 1], color=GREY, lw=0.6, ls="--")
    top.plot([chance[bins == i].mean() for i in filled], [y[bins == i].mean() for i in filled], "o-", ms=3.5)
    top.set(ylabel="observed share")
    bottom.hist(chance, bins=edges, color=BLUE)
    bottom.set(xlabel="predicted probability of malignancy", ylabel="cases", yscale="log")
    save(figure, out / "calibration.pdf")


def scatter(x, benign, names, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(3.1, 2.9))
    for mask, colour, label, marker in ((benign, BLUE, "benign", "o"), (~benign, ORANGE, "malignant", "^")):
        axes.scatter(
            x[mask, names.index("mean radius")],
            x[mask, names.index("mean concave points")],
            s=7,
            color=colour,
            marker=marker,
            lw=0,
            alpha=0.7,
            label=label,
        )
    axes.set(xlabel="mean radius (pixels)", ylabel="mean concave points")
    axes.legend(handletextpad=0.1)
    save(figure, out / "radius-concave.pdf")


def build(out: Path) -> dict[str, str]:
    data = load_breast_cancer()
    x, names = data.data, list(data.feature_names)
    malignant = data.target == 0
    y = malignant.astype(int)
    plots = out / "fig"
    schematic(plots)
    violins(x, ~malignant, names, plots)
    area = ranking(x, y, names, plots)
    areas, chance = curves(x, y, names, plots)
    scatter(x, ~malignant, names, plots)
    calibration(chance, y, plots)

    def mean_sd(name: str, mask, digits: int) -> str:
        column = x[mask, names.index(f"mean {name}")]
        return f"${column.mean():.{digits}f}\\pm{column.std(ddof=1):.{digits}f}$"

    called = chance >= 0.5
    numbers = {
        "cases": count(len(y)),
        "malignant": count(y.sum()),
        "benign": count((1 - y).sum()),
        "first_name": area[0][0],
        "first_area": fixed(area[0][1], 3),
        "second_name": area[1][0],
        "second_area": fixed(area[1][1], 3),
        "last_name": area[-1][0],
        "last_area": fixed(area[-1][1], 3),
        "above_nine": count(sum(value > 0.9 for _, value in area)),
        "area_radius": fixed(areas["radius"], 3),
        "area_two": fixed(areas["radius and texture"], 3),
        "area_all": fixed(areas["all thirty"], 3),
        "sensitivity": percent(called[malignant].mean()),
        "specificity": percent(1 - called[~malignant].mean()),
        "missed": count(np.sum(~called & malignant)),
        "alarms": count(np.sum(called & ~malignant)),
        "sure": percent(np.mean((chance < 0.1) | (chance > 0.9))),
        "correlation": fixed(
            np.corrcoef(x[:, names.index("mean radius")], x[:, names.index("mean concave points")])[0, 1], 2
        ),
    }
    for name, digits in {"radius": 1, "texture": 1, "concave points": 3, "fractal dimension": 3}.items():
        key = name.replace(" ", "_")
        numbers[f"{key}_benign"] = mean_sd(name, ~malignant, digits)
        numbers[f"{key}_malignant"] = mean_sd(name, malignant, digits)
    return numbers
