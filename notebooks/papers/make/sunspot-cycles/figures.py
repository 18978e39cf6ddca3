"""Yearly sunspot numbers 1700-2008 (NOAA NGDC, public domain), from statsmodels."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.stats import pearsonr
from statsmodels.datasets import sunspots

from plotting import BLUE, GREY, ORANGE, RED, full_box, save
from wording import count, fixed

# Years of the minima that begin cycles 1 to 23, and the one that ends the last.
MINIMA = (
    1755,
    1766,
    1775,
    1784,
    1798,
    1810,
    1823,
    1833,
    1843,
    1856,
    1867,
    1878,
    1889,
    1901,
    1913,
    1923,
    1933,
    1944,
    1954,
    1964,
    1976,
    1986,
    1996,
    2008,
)


def series(years, spots, out: Path) -> None:
    figure, axes = plt.subplots(figsize=(7.0, 2.2))
    axes.fill_between(years, spots, color=ORANGE, alpha=0.5, lw=0)
    axes.plot(years, spots, color="#8a5a00", lw=0.8)
    smooth = uniform_filter1d(spots, 11)
    axes.plot(years[5:-5], smooth[5:-5], color=BLUE, lw=1.4)
    axes.text(1807, 165, "Dalton minimum", ha="center", fontsize=7)
    axes.annotate(
        "", (1798, 158), (1823, 158), arrowprops={"arrowstyle": "|-|,widthA=0.25,widthB=0.25", "lw": 0.8}
    )
    axes.set(xlim=(1700, 2008), ylim=(0, 200), xlabel="year", ylabel="sunspot number")
    save(figure, out / "series.pdf")


def periodogram(years, spots, out: Path) -> tuple[float, float]:
    """Period of the highest peak and of the highest between 60 and 150 years."""
    padded = 1 << 15
    power = np.abs(np.fft.rfft((spots - spots.mean()) * np.hanning(len(spots)), padded)) ** 2
    frequency = np.fft.rfftfreq(padded)
    period = 1 / frequency[1:]
    power = power[1:] / power[1:].max()
    figure, axes = plt.subplots(figsize=(3.4, 2.4))
    axes.plot(period, power, color=BLUE)
    axes.set(xscale="log", xlim=(4, 160), xlabel="period (yr)", ylabel="power")
    axes.set_xticks([5, 8, 11, 20, 50, 100], [5, 8, 11, 20, 50, 100])
    axes.minorticks_off()
    save(figure, out / "periodogram.pdf")
    long = (period > 60) & (period < 150)
    return period[power.argmax()], period[long][power[long].argmax()]


def cut(years, spots) -> list[tuple[int, np.ndarray]]:
    """(year of the minimum, yearly values up to but not including the next minimum) of cycles 1 to 23."""
    return [(a, spots[(years >= a) & (years < b)]) for a, b in zip(MINIMA, MINIMA[1:])]


def cycle_map(cycles, out: Path) -> None:
    table = np.full((len(cycles), 14), np.nan)
    for row, (_, values) in enumerate(cycles):
        table[row, : len(values)] = values
    figure, axes = plt.subplots(figsize=(3.4, 3.2))
    image = axes.imshow(
        table,
        cmap=plt.get_cmap("inferno").with_extremes(bad="#dddddd"),
        aspect="auto",
        vmin=0,
        extent=(-0.5, 13.5, len(cycles) + 0.5, 0.5),
    )
    axes.set(xlabel="years since minimum", ylabel="cycle")
    axes.set_yticks(range(1, 24, 2))
    full_box(axes)
    figure.colorbar(image, label="sunspot number")
    save(figure, out / "cycle-map.png", dpi=220)


def multiples(cycles, out: Path) -> None:
    figure, axes = plt.subplots(3, 8, figsize=(7.0, 3.0), sharex=True, sharey=True)
    mean = np.nanmean(
        [np.pad(v[:11], (0, max(0, 11 - len(v))), constant_values=np.nan) for _, v in cycles], axis=0
    )
    for panel, (n, (start, values)) in zip(axes.flat, enumerate(cycles, 1)):
        panel.plot(range(11), mean, color=GREY, lw=0.8)
        panel.plot(range(len(values)), values, color=RED, lw=1.1)
        panel.text(0.96, 0.95, f"{n}", transform=panel.transAxes, ha="right", va="top", fontsize=7)
        panel.text(
            0.04, 0.95, f"{start}", transform=panel.transAxes, ha="left", va="top", fontsize=6, color=GREY
        )
    axes.flat[-1].axis("off")
    figure.supxlabel("years since minimum", fontsize=8)
    figure.supylabel("sunspot number", fontsize=8)
    save(figure, out / "cycles.jpg", dpi=220)


def scatter(x, y, labels, out: Path, name: str) -> None:
    figure, axes = plt.subplots(figsize=(3.3, 2.5))
    axes.scatter(x, y, s=14, color=BLUE)
    slope, offset = np.polyfit(x, y, 1)
    line = np.array([x.min(), x.max()])
    axes.plot(line, slope * line + offset, color=GREY, lw=0.9)
    axes.set(xlabel=labels[0], ylabel=labels[1])
    save(figure, out / name)


def build(out: Path) -> dict[str, str]:
    table = sunspots.load_pandas().data
    years, spots = table["YEAR"].to_numpy(int), table["SUNACTIVITY"].to_numpy(float)
    plots = out / "figs"
    series(years, spots, plots)
    main, long = periodogram(years, spots, plots)
    cycles = cut(years, spots)
    cycle_map(cycles, plots)
    multiples(cycles, plots)
    peak = np.array([v.max() for _, v in cycles])
    rise = np.array([v.argmax() for _, v in cycles])
    length = np.array([len(v) for _, v in cycles])
    # A little to the side, so that cycles with the same number of years do not hide each other.
    beside = 0.12 * (np.arange(len(cycles)) % 3 - 1)
    scatter(rise + beside, peak, ("rise (yr)", "peak sunspot number"), plots, "rise-peak.pdf")
    scatter(
        length[:-1] + beside[:-1],
        peak[1:],
        ("length of cycle $n$ (yr)", "peak of cycle $n+1$"),
        plots,
        "length-next.pdf",
    )
    next_peak = peak[1:]
    waldmeier, following = pearsonr(rise, peak), pearsonr(length[:-1], next_peak)
    top, low = peak.argmax(), peak.argmin()
    falls = length - rise
    return {
        "years": count(len(years)),
        "mean": fixed(spots.mean(), 1),
        "maximum": fixed(spots.max(), 1),
        "maximum_year": str(years[spots.argmax()]),
        "period": fixed(main, 1),
        "long_period": fixed(long, 0),
        "cycles": str(len(cycles)),
        "length_mean": fixed(length.mean(), 1),
        "length_sd": fixed(length.std(ddof=1), 1),
        "length_min": str(length.min()),
        "length_max": str(length.max()),
        "longest": str(length.argmax() + 1),
        "peak_mean": fixed(peak.mean(), 0),
        "peak_max": fixed(peak[top], 1),
        "peak_max_cycle": str(top + 1),
        "peak_min": fixed(peak[low], 1),
        "peak_min_cycle": str(low + 1),
        "dalton_five": fixed(peak[4], 1),
        "dalton_six": fixed(peak[5], 1),
        "rise_mean": fixed(rise.mean(), 1),
        "fall_mean": fixed(falls.mean(), 1),
        "waldmeier_r": fixed(waldmeier.statistic, 2),
        "waldmeier_p": scientific_p(waldmeier.pvalue),
        "ten_low": fixed(next_peak[length[:-1] == 10].min(), 0),
        "ten_high": fixed(next_peak[length[:-1] == 10].max(), 0),
        "following_r": fixed(following.statistic, 2),
        "following_p": scientific_p(following.pvalue),
    }


def scientific_p(p: float) -> str:
    return fixed(p, 3) if p >= 0.001 else f"{p:.0e}".replace("e-0", r"\times10^{-") + "}"
