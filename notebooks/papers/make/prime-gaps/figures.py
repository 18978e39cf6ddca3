"""Computed: all primes below ten million."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from plotting import BLUE, GREY, RED, full_box, save
from wording import count, fixed, percent

LIMIT = 10_000_000
DIGITS = (1, 3, 7, 9)


def sieve(limit: int) -> np.ndarray:
    """All primes below `limit`, by the sieve of Eratosthenes."""
    is_prime = np.ones(limit, dtype=bool)
    is_prime[:2] = False
    for n in range(2, int(limit**0.5) + 1):
        if is_prime[n]:
            is_prime[n * n :: n] = False
    return np.flatnonzero(is_prime)


def gap_histogram(gaps: np.ndarray, mean: float, out: Path) -> None:
    sizes, counts = np.unique(gaps[gaps > 1], return_counts=True)
    by_six = sizes % 6 == 0
    figure, axes = plt.subplots(figsize=(4.6, 2.6))
    axes.bar(sizes[~by_six], counts[~by_six], width=1.6, color=GREY, label="other even gaps")
    axes.bar(sizes[by_six], counts[by_six], width=1.6, color=BLUE, label="multiples of 6")
    x = np.arange(2, sizes.max() + 1)
    axes.plot(x, 2 * len(gaps) / mean * np.exp(-x / mean), color=RED, lw=1, label="exponential law")
    axes.set(yscale="log", xlim=(0, 156), ylim=(0.7, 2e5), xlabel="gap $g$", ylabel="number of gaps")
    axes.legend()
    save(figure, out / "gap-histogram.pdf")


def last_digits(primes: np.ndarray, out: Path) -> np.ndarray:
    digits = primes[primes > 5] % 10
    table = np.array([[np.mean(digits[1:][digits[:-1] == a] == b) for b in DIGITS] for a in DIGITS])
    figure, axes = plt.subplots(figsize=(2.7, 2.4))
    image = axes.imshow(100 * table, vmin=10, vmax=40)
    for row in range(4):
        for column in range(4):
            value = 100 * table[row, column]
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", color="w" if value < 25 else "k")
    axes.set(xlabel="last digit of $p_{n+1}$", ylabel="last digit of $p_n$")
    axes.set_xticks(range(4), DIGITS)
    axes.set_yticks(range(4), DIGITS)
    full_box(axes)
    figure.colorbar(image, label="per cent", shrink=0.9)
    save(figure, out / "last-digits.pdf")
    return table


def repeats_with_size(primes: np.ndarray, out: Path) -> tuple[float, float]:
    digits = primes[primes > 5] % 10
    same = digits[1:] == digits[:-1]
    edges = np.logspace(3, 7, 25)
    where = np.digitize(primes[primes > 5][:-1], edges)
    centres = np.sqrt(edges[1:] * edges[:-1])
    shares = np.array([same[where == i].mean() for i in range(1, len(edges))])
    figure, axes = plt.subplots(figsize=(2.5, 2.4))
    axes.semilogx(centres, 100 * shares, "o-", ms=3)
    axes.axhline(25, color=GREY, ls="--", lw=0.8)
    axes.text(1.1e3, 25.25, "independent digits", color=GREY, fontsize=7)
    axes.set(xlabel="$p_n$", ylabel="repeated last digit (%)", ylim=(5, 27))
    save(figure, out / "repeats.pdf")
    return shares[0], shares[-1]


def race(primes: np.ndarray, out: Path) -> dict[str, str]:
    odd = primes[primes > 2]
    lead = np.cumsum(np.where(odd % 4 == 3, 1, -1))
    behind = odd[lead < 0]
    figure, axes = plt.subplots(figsize=(4.6, 2.5))
    step = np.unique(np.concatenate([np.arange(0, len(odd), 60), np.flatnonzero(lead < 0)]))
    axes.plot(odd[step], lead[step], lw=0.6)
    axes.axhline(0, color="k", lw=0.6)
    axes.plot(behind, lead[lead < 0], ".", color=RED, ms=3, label="4$k$+1 ahead")
    axes.set(xscale="log", xlim=(1e2, LIMIT), xlabel="$x$", ylabel=r"$\Delta(x)$")
    axes.legend(loc="upper left")
    save(figure, out / "race.pdf")
    return {
        "first_behind": count(behind[0]),
        "last_behind": count(behind[-1]),
        "behind_count": count(len(behind)),
        "lead_end": count(lead[-1]),
        "lead_max": count(lead.max()),
        "lead_max_at": count(odd[lead.argmax()]),
    }


def spiral(is_prime: np.ndarray, side: int, out: Path) -> None:
    grid = np.zeros((side, side), dtype=bool)
    x = y = side // 2
    dx, dy, run, n = 1, 0, 1, 1
    while n <= side * side:
        for _ in range(2):
            for _ in range(run):
                if n <= side * side:
                    grid[y, x] = is_prime[n]
                x, y, n = x + dx, y + dy, n + 1
            dx, dy = dy, -dx
        run += 1
    figure, axes = plt.subplots(figsize=(3.4, 3.4))
    axes.imshow(grid, cmap="binary", interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    full_box(axes)
    save(figure, out / "spiral.png", dpi=220)


def build(out: Path) -> dict[str, str]:
    primes = sieve(LIMIT)
    gaps = np.diff(primes)
    mean = gaps.mean()
    plots = out / "figures"
    gap_histogram(gaps, mean, plots)
    table = last_digits(primes, plots)
    first_share, last_share = repeats_with_size(primes, plots)
    side = 201
    is_prime = np.zeros(LIMIT, dtype=bool)
    is_prime[primes] = True
    spiral(is_prime, side, plots)
    sizes, counts = np.unique(gaps, return_counts=True)
    of = dict(zip(sizes.tolist(), counts.tolist()))
    largest = gaps.argmax()
    diagonal, other = np.diag(table), table[~np.eye(4, dtype=bool)]
    numbers = {
        "prime_count": count(len(primes)),
        "mean_gap": fixed(mean, 2),
        "largest_gap": count(gaps.max()),
        "largest_gap_after": count(primes[largest]),
        "twins": count(of[2]),
        "cousins": count(of[4]),
        "sixes": count(of[6]),
        "eights": count(of[8]),
        "thirties": count(of[30]),
        "six_over_two": fixed(of[6] / of[2], 2),
        "by_six_share": percent(np.mean(gaps % 6 == 0)),
        "same_low": percent(diagonal.min()),
        "same_high": percent(diagonal.max()),
        "other_low": percent(other.min()),
        "other_high": percent(other.max()),
        "nine_one": percent(table[3, 0]),
        "repeat_first": percent(first_share),
        "repeat_last": percent(last_share),
        "side": count(side),
        "spiral_end": count(side * side),
        "spiral_primes": count(is_prime[: side * side + 1].sum()),
        "spiral_density": percent(is_prime[: side * side + 1].sum() / side**2),
    }
    return numbers | race(primes, plots)
