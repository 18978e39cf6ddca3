"""Handwritten digits of 8 by 8 pixels (UCI Optical Recognition, CC BY 4.0), from scikit-learn."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.ndimage import shift
from sklearn.datasets import load_digits

from plotting import BLUE, ORANGE, full_box, save
from wording import count, percent

NEIGHBOURS = (1, 3, 5, 7, 9, 13, 17, 25, 35, 51)
SIZES = (20, 40, 80, 160, 320, 640, 1000)


def tiles(images, columns: int, out: Path, name: str, titles=None, colour: str = "binary") -> None:
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(0.42 * columns, (0.56 if titles else 0.42) * rows), squeeze=False
    )
    for panel in axes.flat:
        panel.axis("off")
    for i, (panel, image) in enumerate(zip(axes.flat, images)):
        panel.imshow(image, cmap=colour, interpolation="nearest")
        if titles:
            panel.set_title(titles[i], fontsize=6, pad=2)
    save(figure, out / name, dpi=220, quality=90)


def distances(test, train) -> np.ndarray:
    """Squared Euclidean distances, a row per test image."""
    return (test**2).sum(1)[:, None] + (train**2).sum(1)[None] - 2 * test @ train.T


def vote(square, labels, k: int) -> np.ndarray:
    nearest = labels[np.argsort(square, axis=1, kind="stable")[:, :k]]
    return np.array([np.bincount(row, minlength=10).argmax() for row in nearest])


def shifted(test_images, dx: int) -> np.ndarray:
    return np.array([shift(image, (0, dx), order=0) for image in test_images])


def curve(x, accuracy, label: str, out: Path, name: str) -> None:
    figure, axes = plt.subplots(figsize=(2.9, 2.3))
    axes.plot(x, 100 * np.array(accuracy), "o-", ms=3.5)
    axes.set(xscale="log", xlabel=label, ylabel="accuracy (%)")
    axes.set_xticks(x[::2] if len(x) > 7 else x, x[::2] if len(x) > 7 else x)
    axes.minorticks_off()
    save(figure, out / name)


def confusion(true, guess, out: Path) -> np.ndarray:
    table = np.zeros((10, 10), dtype=int)
    np.add.at(table, (true, guess), 1)
    wrong = table.astype(float)
    np.fill_diagonal(wrong, np.nan)
    figure, axes = plt.subplots(figsize=(3.1, 2.7))
    image = axes.imshow(wrong, cmap=plt.get_cmap("Oranges").with_extremes(bad="#e6e6e6"))
    for row, column in np.argwhere(table):
        if row != column:
            axes.text(
                column,
                row,
                table[row, column],
                ha="center",
                va="center",
                fontsize=7,
                color="w" if table[row, column] > 3 else "k",
            )
    axes.set_xticks(range(10))
    axes.set_yticks(range(10))
    axes.set(xlabel="assigned", ylabel="true")
    full_box(axes)
    figure.colorbar(image, label="errors")
    save(figure, out / "confusion.png", dpi=220)
    return table


def plane(x, labels, out: Path) -> float:
    centred = x - x.mean(axis=0)
    _, s, vt = np.linalg.svd(centred, full_matrices=False)
    vt *= np.sign(vt[:, [20]])
    points = centred @ vt[:2].T
    figure, axes = plt.subplots(figsize=(4.3, 3.5))
    drawn = axes.scatter(*points.T, c=labels, cmap="tab10", s=5, lw=0, vmin=-0.5, vmax=9.5)
    for digit in range(10):
        x0, y0 = np.median(points[labels == digit], axis=0)
        axes.text(
            x0,
            y0,
            digit,
            fontweight="bold",
            fontsize=11,
            ha="center",
            va="center",
            bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": "k", "lw": 0.6},
        )
    axes.set(xlabel="first component", ylabel="second component")
    figure.colorbar(drawn, ticks=range(10), label="digit")
    save(figure, out / "plane.png", dpi=200)
    return (s[:2] ** 2).sum() / (s**2).sum()


def build(out: Path) -> dict[str, str]:
    digits = load_digits()
    x, images, labels = digits.data, digits.images, digits.target
    order = np.random.default_rng(2026).permutation(len(x))
    train, test = order[:1000], order[1000:]
    plots = out / "img"
    tiles(
        [images[train][labels[train] == d][i] for i in range(4) for d in range(10)], 10, plots, "examples.jpg"
    )
    tiles(
        [images[train][labels[train] == d].mean(axis=0) for d in range(10)],
        10,
        plots,
        "means.jpg",
        colour="magma",
    )
    square = distances(x[test], x[train])
    by_k = [np.mean(vote(square, labels[train], k) == labels[test]) for k in NEIGHBOURS]
    curve(list(NEIGHBOURS), by_k, "neighbours $k$", plots, "by-k.pdf")
    guess = vote(square, labels[train], 3)
    by_size = [np.mean(vote(square[:, :n], labels[train][:n], 3) == labels[test]) for n in SIZES]
    curve(list(SIZES), by_size, "training images", plots, "by-size.pdf")
    table = confusion(labels[test], guess, plots)
    wrong = np.flatnonzero(guess != labels[test])
    tiles(
        [images[test][i] for i in wrong[:10]],
        10,
        plots,
        "errors.jpg",
        titles=[f"{labels[test][i]} → {guess[i]}" for i in wrong[:10]],
    )
    share = plane(x[train], labels[train], plots)
    centroid = np.array([x[train][labels[train] == d].mean(axis=0) for d in range(10)])
    by_mean = np.mean(distances(x[test], centroid).argmin(axis=1) == labels[test])
    moved = {
        dx: np.mean(
            vote(distances(shifted(images[test], dx).reshape(len(test), -1), x[train]), labels[train], 3)
            == labels[test]
        )
        for dx in (-2, -1, 0, 1, 2)
    }
    figure, axes = plt.subplots(figsize=(2.9, 2.2))
    axes.bar(
        list(moved),
        [100 * value for value in moved.values()],
        color=[ORANGE if dx else BLUE for dx in moved],
        width=0.7,
    )
    axes.set(xlabel="shift (pixels)", ylabel="accuracy (%)")
    axes.set_xticks(list(moved))
    save(figure, plots / "shifts.pdf")
    recall = np.diag(table) / table.sum(axis=1)
    return {
        "images": count(len(x)),
        "train": count(len(train)),
        "test": count(len(test)),
        "wrong": count(len(wrong)),
        "accuracy_one": percent(by_k[0]),
        "accuracy_three": percent(by_k[1]),
        "accuracy_most": percent(by_k[-1]),
        "accuracy_means": percent(by_mean),
        "accuracy_smallest": percent(by_size[0]),
        "accuracy_fourth": percent(by_size[3]),
        "accuracy_largest": percent(by_size[-1]),
        "hardest": str(recall.argmin()),
        "hardest_recall": percent(recall.min()),
        "perfect": count(np.sum(recall == 1)),
        "plane_share": percent(share),
        "moved_left_one": percent(moved[-1]),
        "moved_right_one": percent(moved[1]),
        "moved_left_two": percent(moved[-2]),
        "moved_right_two": percent(moved[2]),
    }
