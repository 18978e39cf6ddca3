"""The CODATA recommended values of 2006 to 2022 (NIST, public domain), as scipy.constants keeps them."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.constants import _codata
from scipy.stats import norm

from plotting import BLUE, GREEN, GREY, ORANGE, RED, full_box, save
from wording import count, fixed, percent, scientific

YEARS = (2006, 2010, 2014, 2018, 2022)
# Name in the tables, symbol, style.
FOLLOWED = {
    "Planck constant": ("$h$", BLUE, "o"),
    "elementary charge": ("$e$", ORANGE, "s"),
    "Boltzmann constant": ("$k$", GREEN, "^"),
    "Newtonian constant of gravitation": ("$G$", RED, "D"),
    "fine-structure constant": (r"$\alpha$", "k", "v"),
    "Rydberg constant": (r"$R_\infty$", GREY, "P"),
}
SHIFTED = {
    "fine-structure constant": r"$\alpha$",
    "Rydberg constant": r"$R_\infty$",
    "electron mass in u": r"$A_\mathrm{r}(e)$",
    "proton mass in u": r"$A_\mathrm{r}(p)$",
    "proton rms charge radius": r"$r_p$",
    "deuteron rms charge radius": r"$r_d$",
    "muon mass in u": r"$m_\mu$",
    "electron g factor": r"$g_e$",
    "muon g factor": r"$g_\mu$",
    "Newtonian constant of gravitation": r"$G$",
    "neutron mass in u": r"$A_\mathrm{r}(n)$",
    "Planck constant": "$h$",
    "Boltzmann constant": "$k$",
    "Avogadro constant": r"$N_\mathrm{A}$",
}


def adjustments() -> dict[int, dict[str, tuple[float, float]]]:
    """For each adjustment, name -> (value, standard uncertainty)."""
    return {
        year: {
            name: (value, error)
            for name, (value, _, error) in getattr(_codata, f"_physical_constants_{year}").items()
        }
        for year in YEARS
    }


def shift(before: tuple[float, float], after: tuple[float, float]) -> float:
    """By how many standard uncertainties of the earlier value the value moved; NaN where that one was exact."""
    return (after[0] - before[0]) / before[1] if before[1] > 0 else np.nan


def uncertainties(tables, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(3.4, 2.9))
    for name, (symbol, colour, marker) in FOLLOWED.items():
        points = [(y, tables[y][name][1] / tables[y][name][0]) for y in YEARS]
        measured = [(y, u) for y, u in points if u > 0]
        axes.plot(*zip(*measured), color=colour, marker=marker, ms=4)
        axes.annotate(
            symbol, measured[-1], xytext=(6, 0), textcoords="offset points", color=colour, va="center"
        )
    axes.axvline(2019.4, color=GREY, lw=0.8, ls="--")
    axes.text(2019.2, 6e-9, "SI revision", rotation=90, color=GREY, fontsize=7, ha="right", va="bottom")
    axes.set(
        yscale="log",
        xlabel="adjustment",
        ylabel="relative standard uncertainty",
        xlim=(2005, 2024.5),
        ylim=(2e-13, 1e-3),
    )
    axes.set_xticks(YEARS)
    save(figure, out / "uncertainties.eps")


def exact_share(tables, out: Path) -> list[float]:
    shares = [np.mean([error == 0 for _, error in tables[y].values()]) for y in YEARS]
    figure, axes = plt.subplots(figsize=(3.4, 2.2))
    bars = axes.bar(range(len(YEARS)), [100 * s for s in shares], color=[GREY] * 3 + [BLUE] * 2, width=0.65)
    axes.bar_label(bars, [f"{100 * s:.0f}" for s in shares], fontsize=7)
    axes.set_xticks(range(len(YEARS)), YEARS)
    axes.set(xlabel="adjustment", ylabel="exact entries (%)")
    save(figure, out / "exact.eps")
    return shares


def all_shifts(tables) -> np.ndarray:
    """Shifts of every constant between neighbouring adjustments, as far as it was measured in both."""
    return np.array(
        [
            shift(tables[a][name], tables[b][name])
            for a, b in zip(YEARS, YEARS[1:])
            for name in tables[a]
            if name in tables[b] and tables[a][name][1] > 0 and tables[b][name][1] > 0
        ]
    )


def shift_histogram(shifts, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(3.4, 2.4))
    edges = np.arange(-6, 6.01, 0.4)
    axes.hist(np.clip(shifts, -5.99, 5.99), bins=edges, color=BLUE, alpha=0.8)
    x = np.linspace(-6, 6, 200)
    axes.plot(x, norm.pdf(x) * 0.4 * len(shifts), color=RED, label="unit normal")
    axes.set(xlabel="shift ($u$ of the earlier value)", ylabel="constants", xlim=(-6, 6))
    axes.legend()
    save(figure, out / "shift-histogram.png", dpi=240)


def shift_map(tables, out: Path) -> None:
    intervals = list(zip(YEARS, YEARS[1:]))
    table = np.array(
        [
            [
                shift(tables[a][n], tables[b][n]) if n in tables[a] and n in tables[b] else np.nan
                for n in SHIFTED
            ]
            for a, b in intervals
        ]
    )
    figure, axes = plt.subplots(figsize=(6.8, 2.3))
    colours = plt.get_cmap("RdBu_r").with_extremes(bad="#e4e4e4")
    image = axes.imshow(table, cmap=colours, vmin=-4, vmax=4, aspect="auto")
    for row, column in np.argwhere(~np.isnan(table)):
        value = table[row, column]
        axes.text(
            column,
            row,
            f"{value:.1f}".replace("-", "−"),
            ha="center",
            va="center",
            fontsize=6.5,
            color="w" if abs(value) > 2.6 else "k",
        )
    axes.set_xticks(range(len(SHIFTED)), SHIFTED.values())
    axes.set_yticks(range(len(intervals)), [f"{a}–{b}" for a, b in intervals])
    full_box(axes)
    figure.colorbar(image, label="shift ($u$)", extend="both", pad=0.01)
    save(figure, out / "shift-map.pdf")


def build(out: Path) -> dict[str, str]:
    tables = adjustments()
    plots = out / "plots"
    uncertainties(tables, plots)
    shares = exact_share(tables, plots)
    shifts = all_shifts(tables)
    shift_histogram(shifts, plots)
    shift_map(tables, plots)
    relative = {(n, y): tables[y][n][1] / tables[y][n][0] for n in FOLLOWED for y in YEARS}
    numbers = {
        "entries_first": count(len(tables[2006])),
        "entries_last": count(len(tables[2022])),
        "exact_before": percent(shares[2], 0),
        "exact_after": percent(shares[3], 0),
        "shifts": count(len(shifts)),
        "within_one": percent(np.mean(np.abs(shifts) < 1), 0),
        "within_two": percent(np.mean(np.abs(shifts) < 2), 0),
        "beyond_three": count(np.sum(np.abs(shifts) > 3)),
        "beyond_six": count(np.sum(np.abs(shifts) >= 6)),
        "median_shift": fixed(np.median(np.abs(shifts)), 2),
    }
    for name, key in {"Planck constant": "h", "elementary charge": "e", "Boltzmann constant": "k"}.items():
        numbers[f"{key}_first"] = scientific(relative[name, 2006])
        numbers[f"{key}_before"] = scientific(relative[name, 2014])
    for name, key in {
        "Newtonian constant of gravitation": "big_g",
        "fine-structure constant": "alpha",
        "Rydberg constant": "rydberg",
    }.items():
        numbers[f"{key}_first"] = scientific(relative[name, 2006])
        numbers[f"{key}_before"] = scientific(relative[name, 2014])
        numbers[f"{key}_last"] = scientific(relative[name, 2022])
    numbers["alpha_gain"] = fixed(
        relative["fine-structure constant", 2006] / relative["fine-structure constant", 2022], 0
    )
    numbers["h_gain"] = fixed(relative["Planck constant", 2006] / relative["Planck constant", 2014], 0)
    radius = "proton rms charge radius"
    numbers["radius_before"] = fixed(1e15 * tables[2014][radius][0], 4)
    numbers["radius_after"] = fixed(1e15 * tables[2018][radius][0], 4)
    numbers["radius_shift"] = fixed(shift(tables[2014][radius], tables[2018][radius]), 1)
    numbers["rydberg_shift"] = fixed(
        shift(tables[2014]["Rydberg constant"], tables[2018]["Rydberg constant"]), 1
    )
    numbers["alpha_shift"] = fixed(
        shift(tables[2006]["fine-structure constant"], tables[2010]["fine-structure constant"]), 1
    )
    numbers["alpha_shift_last"] = fixed(
        shift(tables[2018]["fine-structure constant"], tables[2022]["fine-structure constant"]), 1
    )
    return numbers
