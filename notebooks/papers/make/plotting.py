"""How the figures of the sample papers look, and how they are written: the same input gives the same bytes."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402  (the backend has to be chosen first)

# Okabe and Ito's palette: told apart by colour-blind readers.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, YELLOW, BLACK = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#F0E442",
    "#000000",
)
GREY = "#8a8a8a"

plt.rcParams.update(
    {
        "font.size": 8,
        "axes.titlesize": 8,
        "axes.labelsize": 8,
        "legend.fontsize": 7,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "lines.linewidth": 1.1,
        "legend.frameon": False,
        "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, RED, PURPLE, SKY]),
        "image.cmap": "cividis",
        "figure.constrained_layout.use": True,
        "pdf.fonttype": 42,
        "svg.fonttype": "path",
        "svg.hashsalt": "figloom",
    }
)

# What a writer would otherwise stamp with the time or its version.
_METADATA = {
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".eps": {"Creator": "figloom sample papers"},
}


def save(figure, path: Path, dpi: int = 200, quality: int = 88) -> None:
    """Writes a figure in the format of the path's ending and closes it. `dpi` counts for pixel images only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".jpg":
        figure.savefig(path, dpi=dpi, pil_kwargs={"quality": quality, "optimize": True})
    else:
        figure.savefig(path, dpi=dpi, metadata=_METADATA[path.suffix])
    plt.close(figure)


def save_svg(figure, path: Path) -> None:
    """Writes an SVG, and the PDF that LaTeX's svg package reads in its place where Inkscape is not at hand."""
    raw = path.parent.parent / "svg-inkscape" / f"{path.stem}_svg-raw.pdf"
    raw.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(raw, metadata=_METADATA[".pdf"])
    save(figure, path)


def panel_letter(axes, letter: str, x: float = -0.14, y: float = 1.02) -> None:
    """Sets "(a)" at the top left of an axes, outside it."""
    axes.text(x, y, f"({letter})", transform=axes.transAxes, fontweight="bold", va="bottom", ha="left")


def full_box(axes) -> None:
    """Draws all four sides of the axes, for heat maps and maps."""
    for spine in axes.spines.values():
        spine.set_visible(True)
