"""Wildlife strikes to aircraft in the United States (FAA, public domain), from vega-datasets."""

from collections import Counter
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm

from plotting import BLUE, GREY, ORANGE, RED, SKY, full_box, save, save_svg
from sources import vega_path, vega_rows
from topology import polygons
from wording import count, fixed, percent

PHASES = ("Take-off run", "Climb", "Descent", "Approach", "Landing Roll")
SIZES = ("Small", "Medium", "Large")
MONTHS = "JFMAMJJASOND"
TIMES = ("Dawn", "Day", "Dusk", "Night")
FIPS = {
    "Texas": "48",
    "California": "06",
    "Louisiana": "22",
    "Tennessee": "47",
    "Kentucky": "21",
    "Pennsylvania": "42",
    "Illinois": "17",
    "DC": "11",
    "New York": "36",
    "Missouri": "29",
    "Hawaii": "15",
    "New Jersey": "34",
    "North Carolina": "37",
    "Florida": "12",
    "Oregon": "41",
    "South Carolina": "45",
    "Utah": "49",
    "Georgia": "13",
    "Ohio": "39",
    "Maryland": "24",
    "Colorado": "08",
    "Massachusetts": "25",
    "Indiana": "18",
    "Nebraska": "31",
    "Arizona": "04",
    "Minnesota": "27",
    "Washington": "53",
    "Oklahoma": "40",
    "Michigan": "26",
}
DAMAGED = {"Minor", "Medium", "Substantial"}


def albers(lonlat: np.ndarray) -> np.ndarray:
    """Albers equal-area conic projection of the contiguous states (Snyder 1987, p. 98), parallels 29.5 and 45.5 N."""
    lon, lat = np.radians(lonlat).T
    one, two, lat0, lon0 = np.radians([29.5, 45.5, 37.5, -96])
    n = (np.sin(one) + np.sin(two)) / 2
    c = np.cos(one) ** 2 + 2 * n * np.sin(one)
    rho, rho0 = np.sqrt(c - 2 * n * np.sin(lat)) / n, np.sqrt(c - 2 * n * np.sin(lat0)) / n
    return np.column_stack([rho * np.sin(n * (lon - lon0)), rho0 - rho * np.cos(n * (lon - lon0))])


def state_map(states: Counter, out: Path) -> None:
    by_fips = {FIPS[name]: n for name, n in states.items()}
    figure, axes = plt.subplots(figsize=(6.6, 3.7))
    scale = ScalarMappable(LogNorm(60, 1600), "cividis")
    for fips, rings in polygons(vega_path("us-10m.json"), "states").items():
        if fips in ("02", "15") or int(fips) > 56:
            continue
        colour = scale.to_rgba(by_fips[fips]) if fips in by_fips else "#e6e6e6"
        axes.add_collection(
            PolyCollection([albers(ring) for ring in rings], facecolors=[colour], edgecolors="w", lw=0.5)
        )
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.axis("off")
    figure.colorbar(scale, ax=axes, label="strikes", shrink=0.7, pad=0.01)
    save(figure, out / "map.png", dpi=200)


def flight_phases(counts: Counter, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(6.4, 2.2), layout="none")
    figure.subplots_adjust(0.01, 0.02, 0.99, 0.98)
    path = np.array([(0, 0), (1.4, 0), (3.4, 1.55), (5.6, 1.55), (6.9, 0.95), (8.7, 0), (10, 0)])
    axes.fill_between([-0.2, 10.2], -0.1, -0.03, color="#6b6b6b", lw=0)
    axes.plot(*path.T, color=BLUE, lw=2, solid_joinstyle="round")
    spots = {
        "Take-off run": (0.7, 0),
        "Climb": (2.4, 0.775),
        "Descent": (6.25, 1.25),
        "Approach": (7.8, 0.475),
        "Landing Roll": (9.35, 0),
    }
    total = sum(counts[phase] for phase in PHASES)
    for phase, (x, y) in spots.items():
        axes.plot(
            x, y, "o", color=ORANGE, ms=4 + 26 * np.sqrt(counts[phase] / total), alpha=0.85, mec="white"
        )
        level = y == 0
        axes.text(
            x,
            y + (0.42 if level else 0.36),
            phase.replace("Roll", "roll"),
            fontsize=8,
            va="bottom",
            ha="center" if level else ("right" if x < 5 else "left"),
        )
    axes.text(4.5, 1.62, "cruise", color=GREY, ha="center", va="bottom", fontsize=8)
    axes.set(xlim=(-0.3, 10.3), ylim=(-0.32, 2.05))
    axes.axis("off")
    save_svg(figure, out / "phases.svg")


def calendar(months, times, out: Path) -> np.ndarray:
    table = np.array([[np.sum((months == m) & (times == t)) for m in range(1, 13)] for t in TIMES])
    figure, axes = plt.subplots(figsize=(3.5, 1.9))
    image = axes.imshow(100 * table / table.sum(axis=1, keepdims=True), aspect="auto", cmap="viridis", vmin=0)
    axes.set_xticks(range(12), MONTHS)
    axes.set_yticks(range(4), TIMES)
    full_box(axes)
    figure.colorbar(image, label="% of row")
    save(figure, out / "calendar.pdf")
    return table


def damage(size, hurt, out: Path) -> dict[str, float]:
    shares = {s: hurt[size == s].mean() for s in SIZES}
    errors = [1.96 * np.sqrt(shares[s] * (1 - shares[s]) / np.sum(size == s)) for s in SIZES]
    figure, axes = plt.subplots(figsize=(2.2, 2.3))
    axes.bar(
        SIZES,
        [100 * shares[s] for s in SIZES],
        yerr=[100 * e for e in errors],
        color=[SKY, BLUE, RED],
        width=0.65,
        error_kw={"lw": 0.9, "capsize": 3},
    )
    axes.set(ylabel="strikes with damage (%)")
    save(figure, out / "damage-size.pdf")
    return shares


def speeds(speed, phase, out: Path) -> dict[str, float]:
    figure, axes = plt.subplots(figsize=(3.5, 2.3))
    medians = {}
    for name, colour in zip(("Take-off run", "Approach", "Climb", "Descent"), (ORANGE, BLUE, GREY, RED)):
        values = speed[(phase == name) & ~np.isnan(speed)]
        medians[name] = np.median(values)
        axes.hist(
            values,
            bins=np.arange(0, 361, 15),
            density=True,
            histtype="step",
            color=colour,
            lw=1.2,
            label=name,
        )
    axes.set(xlabel="indicated air speed (kn)", ylabel="density", xlim=(0, 360))
    axes.legend()
    save(figure, out / "speeds.pdf")
    return medians


def costs(cost, size, out: Path) -> dict[str, np.ndarray]:
    paid = {s: cost[(size == s) & (cost > 0)] for s in SIZES}
    figure, axes = plt.subplots(figsize=(2.2, 2.3))
    for s, colour in zip(SIZES, (SKY, BLUE, RED)):
        values = np.sort(paid[s])
        axes.step(values, 1 - np.arange(len(values)) / len(values), where="post", color=colour, label=s)
    axes.set(xscale="log", yscale="log", xlabel="cost (US$)", ylabel="share above")
    axes.legend(loc="lower left")
    save(figure, out / "costs.pdf")
    return paid


def build(out: Path) -> dict[str, str]:
    rows = vega_rows("birdstrikes.csv")

    def column(name: str) -> np.ndarray:
        return np.array([row[name] for row in rows])

    states, phases = Counter(column("Origin State").tolist()), Counter(column("Phase of flight").tolist())
    size, phase, times = column("Wildlife Size"), column("Phase of flight"), column("Time of day")
    months = np.array([int(date[5:7]) for date in column("Flight Date")])
    hurt = np.isin(column("Effect Amount of damage"), list(DAMAGED))
    speed = np.array([float(value) if value else np.nan for value in column("Speed IAS in knots")])
    cost = np.array([float(value or 0) for value in column("Cost Total $")])
    plots = out / "graphics"
    state_map(states, plots)
    flight_phases(phases, plots)
    table = calendar(months, times, plots)
    shares = damage(size, hurt, plots)
    medians = speeds(speed, phase, plots)
    paid = costs(cost, size, plots)
    monthly = np.bincount(months, minlength=13)[1:]
    ranked = states.most_common(3)
    total = cost.sum()
    return {
        "strikes": count(len(rows)),
        "states": count(len(states) - 1),
        "first_state": ranked[0][0],
        "first_state_n": count(ranked[0][1]),
        "second_state": ranked[1][0],
        "second_state_n": count(ranked[1][1]),
        "third_state": ranked[2][0],
        "third_state_n": count(ranked[2][1]),
        "hawaii_n": count(states["Hawaii"]),
        "least_n": count(min(states.values())),
        "approach": percent(phases["Approach"] / len(rows)),
        "climb": percent(phases["Climb"] / len(rows)),
        "take_off": percent(phases["Take-off run"] / len(rows)),
        "landing": percent(phases["Landing Roll"] / len(rows)),
        "descent": percent(phases["Descent"] / len(rows)),
        "peak_month_n": count(monthly.max()),
        "low_month_n": count(monthly.min()),
        "peak_month": (
            "January February March April May June July August September October November December".split()
        )[monthly.argmax()],
        "low_month": (
            "January February March April May June July August September October November December".split()
        )[monthly.argmin()],
        "autumn_share": percent(monthly[7:10].sum() / len(rows)),
        "night_autumn": percent(table[3, 7:10].sum() / table[3].sum()),
        "day_autumn": percent(table[1, 7:10].sum() / table[1].sum()),
        "night": percent(np.mean(times == "Night")),
        "damage_all": percent(hurt.mean()),
        "damage_small": percent(shares["Small"]),
        "damage_medium": percent(shares["Medium"]),
        "damage_large": percent(shares["Large"]),
        "large_share": percent(np.mean(size == "Large")),
        "large_of_damage": percent(np.mean(size[hurt] == "Large")),
        "speed_known": count(np.sum(~np.isnan(speed))),
        "speed_take_off": fixed(medians["Take-off run"], 0),
        "speed_approach": fixed(medians["Approach"], 0),
        "speed_climb": fixed(medians["Climb"], 0),
        "speed_descent": fixed(medians["Descent"], 0),
        "paid_n": count(sum(len(v) for v in paid.values())),
        "total_cost": fixed(total / 1e6, 1),
        "cost_median_small": count(np.median(paid["Small"])),
        "cost_median_large": count(np.median(paid["Large"])),
        "cost_large_share": percent(cost[size == "Large"].sum() / total, 0),
        "cost_max": fixed(cost.max() / 1e6, 1),
    }
