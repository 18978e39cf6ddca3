"""Monthly CO2 at Mauna Loa (Scripps, CC BY 4.0) and global temperature (NASA GISS), from vega-datasets."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import linregress

from plotting import BLUE, GREY, ORANGE, RED, full_box, save
from sources import vega_rows
from wording import fixed

MONTHS = "JFMAMJJASOND"


def read_co2() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Year, month, CO2 and seasonally adjusted CO2 (ppm)."""
    rows = vega_rows("co2-concentration.csv")
    year = np.array([int(row["Date"][:4]) for row in rows])
    month = np.array([int(row["Date"][5:7]) for row in rows])
    return (
        year,
        month,
        np.array([float(r["CO2"]) for r in rows]),
        np.array([float(r["adjusted CO2"]) for r in rows]),
    )


def season_table(year, month, co2, years) -> np.ndarray:
    """CO2 less its centred twelve-month mean (ppm), a row per year, a column per month.

    The record's own adjusted values would not do: their seasonal part is a fit whose size grows linearly by design.
    """
    first = 12 * year[0]
    monthly = np.full(12 * (year[-1] - year[0] + 1), np.nan)
    monthly[12 * year + month - 1 - first] = co2
    weights = np.array([0.5] + 11 * [1.0] + [0.5]) / 12
    season = monthly - np.convolve(monthly, weights, mode="same")
    season[:6] = season[-6:] = np.nan
    return season.reshape(-1, 12)[years - year[0]]


def keeling(time, co2, adjusted, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(5.6, 2.8))
    axes.plot(time, co2, lw=0.6, color=BLUE, label="monthly mean")
    axes.plot(time, adjusted, lw=1.1, color=RED, label="season removed")
    axes.set(xlim=(1957, 2021), xlabel="year", ylabel="CO$_2$ (ppm)")
    axes.legend(loc="upper left")
    inset = axes.inset_axes([0.66, 0.09, 0.33, 0.33])
    recent = time >= 2016
    inset.plot(time[recent], co2[recent], ".-", lw=0.7, ms=2.5, color=BLUE)
    inset.plot(time[recent], adjusted[recent], color=RED)
    inset.tick_params(labelsize=6)
    inset.set_yticks([405, 410, 415])
    inset.set_xticks([2016, 2018, 2020])
    save(figure, out / "keeling.pdf")


def season_map(years, season, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(5.6, 2.5))
    bound = np.nanmax(np.abs(season))
    image = axes.imshow(
        season.T,
        aspect="auto",
        cmap="RdBu_r",
        vmin=-bound,
        vmax=bound,
        origin="upper",
        extent=(years[0] - 0.5, years[-1] + 0.5, 12.5, 0.5),
        interpolation="nearest",
    )
    axes.set_yticks(range(1, 13), MONTHS)
    axes.set(xlabel="year", ylabel="month")
    full_box(axes)
    figure.colorbar(image, label="seasonal part (ppm)")
    save(figure, out / "season-map.png", dpi=200)


def mean_season(early, late, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(2.6, 2.4))
    axes.axhline(0, color=GREY, lw=0.6)
    axes.plot(range(1, 13), early, "o-", ms=3, color=BLUE, label="1959–1978")
    axes.plot(range(1, 13), late, "s-", ms=3, color=RED, label="2000–2019")
    axes.set_xticks(range(1, 13), MONTHS)
    axes.set(ylabel="seasonal part (ppm)", ylim=(-4.4, 5.4))
    axes.legend(loc="upper right", handlelength=1.5)
    save(figure, out / "mean-season.pdf")


def growth_bars(years, growth, out: Path) -> None:
    decade = years // 10 * 10
    figure, axes = plt.subplots(figsize=(5.6, 2.3))
    axes.bar(years, growth, color=[ORANGE if y in (1998, 2016) else GREY for y in years], width=0.8)
    for start in range(1960, 2020, 10):
        mean = growth[decade == start].mean()
        axes.plot([start - 0.5, start + 9.5], [mean, mean], color=BLUE, lw=1.5)
    axes.set(xlabel="year", ylabel="growth (ppm yr$^{-1}$)", xlim=(1958.5, 2020))
    save(figure, out / "growth.pdf")


def anomalies(years, temperature, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(2.9, 2.5))
    colours = plt.get_cmap("RdBu_r")((temperature + 1.2) / 2.4)
    axes.bar(years, temperature, color=colours, width=1)
    axes.axhline(0, color="k", lw=0.5)
    axes.set(xlabel="year", ylabel="anomaly (°C)")
    save(figure, out / "anomalies.pdf")


def against_co2(co2, temperature, years, fit, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(2.9, 2.5))
    points = axes.scatter(co2, temperature, c=years, s=12)
    line = np.array([co2.min(), co2.max()])
    axes.plot(line, fit.slope * line + fit.intercept, color=RED)
    axes.set(xlabel="annual mean CO$_2$ (ppm)", ylabel="anomaly (°C)")
    figure.colorbar(points, label="year")
    save(figure, out / "anomaly-co2.pdf")


def build(out: Path) -> dict[str, str]:
    year, month, co2, adjusted = read_co2()
    time = year + (month - 0.5) / 12
    plots = out / "fig"
    keeling(time, co2, adjusted, plots)

    years = np.arange(1959, 2020)
    season = season_table(year, month, co2, years)
    level = np.array([adjusted[year == y].mean() for y in years])
    season_map(years, season, plots)
    early, late = np.nanmean(season[:20], axis=0), np.nanmean(season[-20:], axis=0)
    mean_season(early, late, plots)
    complete = ~np.isnan(season).any(axis=1)
    swing = linregress(years[complete], np.ptp(season[complete], axis=1))

    # Growth over a calendar year: from one December and January to the next.
    turn = np.array(
        [
            np.nanmean(adjusted[((year == y - 1) & (month == 12)) | ((year == y) & (month == 1))])
            for y in range(1959, 2021)
        ]
    )
    growth = np.diff(turn)
    growth_bars(years, growth, plots)
    decade = {d: growth[years // 10 * 10 == d].mean() for d in range(1960, 2020, 10)}

    rows = vega_rows("global-temp.csv")
    temp_year = np.array([int(row["year"]) for row in rows])
    temp = np.array([float(row["temp"]) for row in rows])
    anomalies(temp_year, temp, plots)
    shared = np.array([temp[temp_year == y][0] for y in years])
    fit = linregress(level, shared)
    against_co2(level, shared, years, fit, plots)
    largest = growth.argmax()
    return {
        "months": str(len(co2)),
        "first_co2": fixed(co2[0], 2),
        "last_co2": fixed(co2[-1], 2),
        "annual_first": fixed(level[0], 1),
        "annual_last": fixed(level[-1], 1),
        "early_max": fixed(early.max(), 1),
        "early_min": fixed(early.min(), 1),
        "late_max": fixed(late.max(), 1),
        "late_min": fixed(late.min(), 1),
        "swing_early": fixed(np.ptp(early), 1),
        "swing_late": fixed(np.ptp(late), 1),
        "swing_slope": fixed(10 * swing.slope, 2),
        "swing_error": fixed(10 * swing.stderr, 2),
        "swing_rise": fixed(100 * (np.ptp(late) / np.ptp(early) - 1), 0),
        "growth_sixties": fixed(decade[1960], 2),
        "growth_seventies": fixed(decade[1970], 2),
        "growth_eighties": fixed(decade[1980], 2),
        "growth_nineties": fixed(decade[1990], 2),
        "growth_aughts": fixed(decade[2000], 2),
        "growth_tens": fixed(decade[2010], 2),
        "growth_max": fixed(growth[largest], 2),
        "growth_max_year": str(years[largest]),
        "growth_second_year": str(years[np.argsort(growth)[-2]]),
        "growth_second": fixed(np.sort(growth)[-2], 2),
        "growth_min": fixed(growth.min(), 2),
        "growth_min_year": str(years[growth.argmin()]),
        "temp_first": fixed(temp[temp_year < 1910].mean(), 2),
        "temp_last_year": str(temp_year[-1]),
        "temp_last": fixed(temp[-1], 2),
        "temp_coldest": fixed(temp.min(), 2),
        "temp_coldest_year": str(temp_year[temp.argmin()]),
        "temp_slope": fixed(100 * fit.slope, 2),
        "temp_slope_error": fixed(100 * fit.stderr, 2),
        "temp_r": fixed(fit.rvalue**2, 2),
        "temp_scatter": fixed(np.std(shared - fit.slope * level - fit.intercept, ddof=2), 2),
    }
