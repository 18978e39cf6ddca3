"""Chemical analysis of 178 wines (UCI Wine, CC BY 4.0), from scikit-learn."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform
from scipy.stats import f_oneway
from sklearn.datasets import load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import StratifiedKFold, cross_val_score

from plotting import BLUE, GREEN, GREY, RED, full_box, panel_letter, save, save_svg
from wording import count, fixed, percent

CULTIVARS = ("Barolo", "Grignolino", "Barbera")
COLOURS = (RED, GREEN, BLUE)
SHORT = {
    "alcohol": "alcohol",
    "malic_acid": "malic acid",
    "ash": "ash",
    "alcalinity_of_ash": "alcalinity",
    "magnesium": "magnesium",
    "total_phenols": "phenols",
    "flavanoids": "flavonoids",
    "nonflavanoid_phenols": "non-flavonoid",
    "proanthocyanins": "proanthocyanins",
    "color_intensity": "colour",
    "hue": "hue",
    "od280/od315_of_diluted_wines": "OD280/OD315",
    "proline": "proline",
}
BOXED = {
    "flavanoids": "flavonoids",
    "color_intensity": "colour intensity",
    "proline": "proline",
    "alcohol": "alcohol (% vol.)",
}


def boxes(x, y, names, out: Path) -> None:
    figure, axes = plt.subplots(1, 4, figsize=(6.6, 2.3))
    for letter, panel, (name, title) in zip("abcd", axes, BOXED.items()):
        drawn = panel.boxplot(
            [x[y == c, names.index(name)] for c in range(3)],
            patch_artist=True,
            widths=0.6,
            medianprops={"color": "k"},
            flierprops={"ms": 2.5},
        )
        for box, colour in zip(drawn["boxes"], COLOURS):
            box.set_facecolor(colour)
        panel.set_xticks([1, 2, 3], CULTIVARS, rotation=45, ha="right", rotation_mode="anchor")
        panel.set_ylabel(title)
        panel_letter(panel, letter, x=-0.3)
    save_svg(figure, out / "boxes.svg")


def correlations(r, order, labels, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(3.8, 3.3))
    image = axes.imshow(r[np.ix_(order, order)], cmap="RdBu_r", vmin=-1, vmax=1)
    axes.set_xticks(range(len(order)), [labels[i] for i in order], rotation=90)
    axes.set_yticks(range(len(order)), [labels[i] for i in order])
    full_box(axes)
    figure.colorbar(image, label="correlation", shrink=0.85)
    save(figure, out / "correlations.png", dpi=220)


def components(z, y, labels, out: Path) -> np.ndarray:
    u, s, vt = np.linalg.svd(z, full_matrices=False)
    sign = np.sign(vt[:, 0])
    scores, loadings = (u * s) * sign, vt * sign[:, None]
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.6, 2.9))
    for c, marker in zip(range(3), "o^s"):
        left.scatter(*scores[y == c, :2].T, s=9, color=COLOURS[c], marker=marker, lw=0, label=CULTIVARS[c])
    left.set(xlabel="first component", ylabel="second component")
    left.legend(handletextpad=0.1)
    shown = np.argsort(-np.hypot(*loadings[:2]))[:9]
    for i in shown:
        right.annotate("", loadings[:2, i], (0, 0), arrowprops={"arrowstyle": "->", "color": GREY, "lw": 0.8})
        right.annotate(
            labels[i],
            loadings[:2, i] * 1.06,
            fontsize=6.5,
            va="center",
            ha="left" if loadings[0, i] > 0.1 else "right" if loadings[0, i] < -0.1 else "center",
        )
    right.set(xlim=(-0.5, 0.74), ylim=(-0.35, 0.66), xlabel="first loading", ylabel="second loading")
    panel_letter(left, "a")
    panel_letter(right, "b")
    save(figure, out / "components.pdf")
    return s**2 / np.sum(s**2)


def selection(z, y, ranked, labels, out: Path) -> np.ndarray:
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    accuracy = np.array(
        [
            cross_val_score(LinearDiscriminantAnalysis(), z[:, ranked[:k]], y, cv=folds).mean()
            for k in range(1, len(ranked) + 1)
        ]
    )
    figure, axes = plt.subplots(figsize=(3.6, 2.8))
    axes.plot(range(1, 14), 100 * accuracy, "o-", ms=3.5)
    axes.set_xticks(
        range(1, 14), [labels[i] for i in ranked], rotation=60, ha="right", rotation_mode="anchor"
    )
    axes.set(ylabel="accuracy (%)", ylim=(75, 101))
    axes.grid(axis="y", lw=0.4, color="#dddddd")
    save(figure, out / "selection.pdf")
    return accuracy


def build(out: Path) -> dict[str, str]:
    wine = load_wine()
    x, y, names = wine.data, wine.target, list(wine.feature_names)
    labels = [SHORT[name] for name in names]
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    r = np.corrcoef(x.T)
    plots = out / "images"
    boxes(x, y, names, plots)
    order = leaves_list(linkage(squareform(1 - np.abs(r), checks=False), "average"))
    correlations(r, order, labels, plots)
    share = components(z, y, labels, plots)
    f = np.array([f_oneway(*(column[y == c] for c in range(3))).statistic for column in x.T])
    ranked = np.argsort(-f)
    accuracy = selection(z, y, ranked, labels, plots)

    def mean(name: str, cultivar: int, digits: int) -> str:
        return fixed(x[y == cultivar, names.index(name)].mean(), digits)

    def pair(a: str, b: str) -> str:
        return fixed(r[names.index(a), names.index(b)], 2)

    best = accuracy.argmax()
    return {
        "wines": count(len(x)),
        "barolo_n": count(np.sum(y == 0)),
        "grignolino_n": count(np.sum(y == 1)),
        "barbera_n": count(np.sum(y == 2)),
        "flavonoids_barolo": mean("flavanoids", 0, 2),
        "flavonoids_grignolino": mean("flavanoids", 1, 2),
        "flavonoids_barbera": mean("flavanoids", 2, 2),
        "proline_barolo": mean("proline", 0, 0),
        "proline_grignolino": mean("proline", 1, 0),
        "proline_barbera": mean("proline", 2, 0),
        "colour_grignolino": mean("color_intensity", 1, 1),
        "colour_barbera": mean("color_intensity", 2, 1),
        "colour_barolo": mean("color_intensity", 0, 1),
        "alcohol_barolo": mean("alcohol", 0, 1),
        "alcohol_grignolino": mean("alcohol", 1, 1),
        "alcohol_barbera": mean("alcohol", 2, 1),
        "r_phenols": pair("total_phenols", "flavanoids"),
        "r_od": pair("flavanoids", "od280/od315_of_diluted_wines"),
        "r_hue": pair("malic_acid", "hue"),
        "r_ash": pair("ash", "alcalinity_of_ash"),
        "r_proline": pair("alcohol", "proline"),
        "share_one": percent(share[0]),
        "share_two": percent(share[1]),
        "share_both": percent(share[:2].sum()),
        "f_flavonoids": fixed(f[names.index("flavanoids")], 0),
        "f_proline": fixed(f[names.index("proline")], 0),
        "f_least": fixed(f.min(), 1),
        "least": labels[int(f.argmin())],
        "accuracy_one": percent(accuracy[0]),
        "accuracy_two": percent(accuracy[1]),
        "accuracy_three": percent(accuracy[2]),
        "accuracy_all": percent(accuracy[-1]),
        "accuracy_best": percent(accuracy[best]),
        "best_k": str(best + 1),
        "ranked_one": labels[ranked[0]],
        "ranked_two": labels[ranked[1]],
        "ranked_three": labels[ranked[2]],
    }
