import { valueAt, type AxisScale } from "./bins.js";
import { cumulative, kernelDensity } from "./kernel-density.js";
import { binsAt, ownCounts, rowsOf, type Choice, type Row, type RowCounts } from "./histogram.js";
import type { MarkSpec, PlotSpec } from "./plot-spec.js";
import type { HistogramView } from "./protocol.js";

/** Blue and orange first: they stay apart for every kind of colour vision, on white and on black. */
const SERIES_COLOURS = ["#3a86c8", "#e0801f", "#2a9d8f", "#b565a7", "#8a8f98"];
/** Dashes of the mean lines, so that colour is not needed to tell them apart. */
const SERIES_DASHES = ["none", "6 4", "2 3", "8 3 2 3", "1 4"];

/** Colour and dash of the i-th series; after five they come round again. */
export function seriesStyle(index: number): { colour: string; dash: string } {
  const i = index % SERIES_COLOURS.length;
  return { colour: SERIES_COLOURS[i]!, dash: SERIES_DASHES[i]! };
}

export interface DrawOptions {
  /** Pixels. @default 640 */
  width?: number;
  /** @default the view's own */
  counts?: RowCounts;
}

/** A row as its form draws it: from the counts of all values, or of the selected. */
interface Layer {
  row: Row;
  fine: readonly number[];
  /** Whether it stands behind the selected ones. */
  pale: boolean;
}

/** The drawing of a distribution. Panels stand below each other on one axis, so that a place means the same in all. */
export function histogramSpec(
  view: HistogramView,
  choice: Choice,
  { width = 640, counts = ownCounts(choice.scale) }: DrawOptions = {},
): PlotSpec {
  const rows = rowsOf(view);
  const layers = rows.flatMap((row): Layer[] => {
    const { all, selected } = counts(row);
    if (!selected || choice.form === "box") return [{ row, fine: all, pale: false }];
    return [
      { row, fine: all, pale: true },
      { row, fine: selected, pale: false },
    ];
  });
  const box = choice.form === "box";
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const names = [...new Set(rows.map(({ series }) => series.name))];
  const left = box ? Math.min(150, 24 + 6.2 * Math.max(...names.map(({ length }) => length))) : 52;
  const bins = binsAt(view, choice);
  const edges = bins?.edges ?? [0, 1];
  return {
    options: {
      width,
      height: heightOf(view, choice, panels.length, names.length, width),
      marginTop: view.panels ? 14 : 26,
      marginLeft: left,
      marginBottom: 40,
      ariaLabel: `${FORM_NAMES[choice.form]} of ${view.metric}`,
      style: { background: "transparent", fontSize: "11px", overflow: "visible" },
      x: {
        label: view.axis,
        labelAnchor: "center",
        labelArrow: "none",
        domain: [edges[0]!, edges.at(-1)!],
        ...(choice.scale === "log"
          ? { type: "log", ticks: Math.max(2, Math.round(width / 90)), tickFormat: "~s" }
          : { ticks: Math.max(3, Math.round(width / 80)) }),
      },
      y: box
        ? { label: null, domain: names, padding: 0.35 }
        : { ...heights(view, choice), ticks: view.panels ? 2 : 5 },
      ...(view.panels && { fy: { axis: null, domain: panels, padding: 0.16 } }),
    },
    marks: [...marksOf(view, choice, layers), ...(view.panels ? [panelTitles(panels)] : [])],
  };
}

/** Names of the forms, as they begin a sentence. */
export const FORM_NAMES: Record<Choice["form"], string> = {
  histogram: "Histogram",
  density: "Density",
  cdf: "Cumulative distribution",
  box: "Box plot",
};

function heightOf(
  { panels }: HistogramView,
  { form }: Choice,
  count: number,
  series: number,
  width: number,
): number {
  const margins = 54;
  if (form === "box") return margins + count * (series * 30 + (panels ? 26 : 16));
  if (panels) return margins + count * 84;
  return Math.round(Math.min(320, Math.max(200, width * 0.42)));
}

function heights(view: HistogramView, { form, scale, shares }: Choice): PlotSpec["options"]["y"] {
  const usual = { labelArrow: "none", grid: true, nice: true } as const;
  if (form === "density") return { ...usual, label: scale === "log" ? "density per decade" : "density" };
  if (form === "cdf") return { ...usual, label: "share up to here", tickFormat: "%", domain: [0, 1] };
  return { ...usual, label: shares ? "share" : "figures", tickFormat: shares ? "%" : "~s" };
}

function marksOf(view: HistogramView, choice: Choice, layers: readonly Layer[]): MarkSpec[] {
  switch (choice.form) {
    case "histogram":
      return [bars(view, choice, layers), GROUND, ...lines("means", "mean", layers)];
    case "density":
      return [...curves(view, choice, layers, densityOf), GROUND, ...lines("means", "mean", layers)];
    case "cdf":
      return [...curves(view, choice, layers, cumulativeOf), GROUND, ...lines("medians", "median", layers)];
    case "box":
      return boxes(layers);
  }
}

const GROUND: MarkSpec = { mark: "ruleY", name: "ground", data: [0] };

const place = ({ row }: Layer) => ({
  series: row.series.name,
  ...(row.panel !== "" && { panel: row.panel }),
});

/** Where a mark stands among panels; without panels Plot is not to see the channel. */
const facet = (layers: readonly Layer[]) =>
  layers.some(({ row }) => row.panel !== "") ? { fy: "panel" } : {};

function bars(view: HistogramView, choice: Choice, layers: readonly Layer[]): MarkSpec {
  const bins = binsAt(view, choice);
  const data = layers.flatMap((layer) => {
    const whole = Math.max(1, choice.shares ? layer.row.series.n : 1);
    return (bins?.count(layer.fine) ?? []).flatMap((count, bin) =>
      count === 0
        ? []
        : [
            {
              ...place(layer),
              low: bins!.edges[bin],
              high: bins!.edges[bin + 1],
              count,
              height: Number((count / whole).toPrecision(6)),
              colour: seriesStyle(layer.row.index).colour,
              fill: layer.pale ? 0.14 : layers.some(({ pale }) => pale) ? 0.65 : 0.4,
              outline: layer.pale ? 0.4 : 1,
            },
          ],
    );
  });
  // y1 and y2, because bars given by y alone would be stacked.
  const options = { x1: "low", x2: "high", y1: 0, y2: "height", fill: "colour", fillOpacity: "fill" };
  const looks = {
    stroke: "colour",
    strokeOpacity: "outline",
    strokeWidth: 1.25,
    insetLeft: 0.5,
    insetRight: 0.5,
  };
  return { mark: "rectY", name: "bars", data, options: { ...options, ...looks, ...facet(layers) } };
}

/** Points of a curve; none where a row has too few values. */
type Curve = (view: HistogramView, scale: AxisScale, fine: readonly number[]) => { x: number; y: number }[];

const densityOf: Curve = (view, scale, fine) => {
  const estimate = kernelDensity(
    fine,
    view.grids![scale]!,
    scale === "linear" ? (view.domain ?? null) : null,
  );
  return estimate
    ? estimate.at.map((at, i) => ({ x: valueAt(at, scale), y: Number(estimate.height[i]!.toPrecision(5)) }))
    : [];
};

const cumulativeOf: Curve = (view, scale, fine) => {
  const { origin, first, step } = view.grids![scale]!;
  const edge = (i: number) => valueAt(origin + (first + i) * step, scale);
  if (fine.every((count) => count === 0)) return [];
  const shares = cumulative(fine).map((share) => Number(share.toPrecision(6)));
  // Whole numbers stand at the lower edges of their bins: the curve jumps there. Others are spread over the bin.
  return view.whole && step === 1
    ? fine.flatMap((_, i) => [
        { x: edge(i), y: shares[i]! },
        { x: edge(i), y: shares[i + 1]! },
        { x: edge(i + 1), y: shares[i + 1]! },
      ])
    : shares.map((y, i) => ({ x: edge(i), y }));
};

function curves(view: HistogramView, choice: Choice, layers: readonly Layer[], curve: Curve): MarkSpec[] {
  return layers.flatMap((layer, i): MarkSpec[] => {
    const { colour, dash } = seriesStyle(layer.row.index);
    const data = curve(view, choice.scale, layer.fine).map((point) => ({ ...place(layer), ...point }));
    const name = `curve${i + 1}`;
    const at = { x: "x", ...facet(layers) };
    const line = { ...at, y: "y", stroke: colour, strokeDasharray: dash };
    if (layer.pale)
      return [{ mark: "lineY", name, data, options: { ...line, strokeWidth: 1.25, strokeOpacity: 0.5 } }];
    const area = { ...at, y1: 0, y2: "y", fill: colour, fillOpacity: 0.14 };
    return [
      ...(choice.form === "density" ? [{ mark: "areaY" as const, name, data, options: area }] : []),
      { mark: "lineY", name, data, options: { ...line, strokeWidth: 2 } },
    ];
  });
}

function lines(name: string, which: "mean" | "median", layers: readonly Layer[]): MarkSpec[] {
  const indices = [...new Set(layers.map(({ row }) => row.index))];
  return indices.flatMap((index) => {
    const { colour, dash } = seriesStyle(index);
    const data = layers.flatMap((layer) => {
      const value = layer.row.series[which];
      return layer.row.index !== index || layer.pale || value === null
        ? []
        : [{ ...place(layer), [which]: value }];
    });
    const options = { x: which, stroke: colour, strokeWidth: 2, strokeDasharray: dash, ...facet(layers) };
    return data.length > 0 ? [{ mark: "ruleX" as const, name: `${name}${index + 1}`, data, options }] : [];
  });
}

/** Boxes show all values: quartiles of a selection are not known here. */
function boxes(layers: readonly Layer[]): MarkSpec[] {
  const data = layers.flatMap((layer) => {
    const { box, median, mean, interval } = layer.row.series;
    if (!box) return [];
    const [low, high] = box.whiskers;
    const between = { from: interval?.low ?? mean, to: interval?.high ?? mean };
    const colour = seriesStyle(layer.row.index).colour;
    return [{ ...place(layer), q1: box.q1, median, q3: box.q3, low, high, mean, ...between, colour }];
  });
  const ends = layers.flatMap((layer) => {
    const { box } = layer.row.series;
    const values = [
      ...(box && box.outside[0] > 0 ? [box.min] : []),
      ...(box && box.outside[1] > 0 ? [box.max] : []),
    ];
    return values.map((value) => ({ ...place(layer), value, colour: seriesStyle(layer.row.index).colour }));
  });
  const at = { y: "series", ...facet(layers) };
  return [
    {
      mark: "ruleY",
      name: "boxes",
      data,
      options: { ...at, x1: "low", x2: "high", stroke: "colour", strokeWidth: 1.5 },
    },
    {
      mark: "barX",
      name: "boxes",
      data,
      options: {
        ...at,
        x1: "q1",
        x2: "q3",
        fill: "colour",
        fillOpacity: 0.35,
        stroke: "colour",
        strokeWidth: 1.25,
      },
    },
    { mark: "tickX", name: "boxes", data, options: { ...at, x: "median", stroke: "colour", strokeWidth: 3 } },
    {
      mark: "ruleY",
      name: "boxes",
      data,
      options: { ...at, x1: "from", x2: "to", stroke: "currentColor", strokeWidth: 2 },
    },
    {
      mark: "dot",
      name: "boxes",
      data,
      options: { ...at, x: "mean", symbol: "diamond", r: 3.5, fill: "currentColor" },
    },
    { mark: "dot", name: "ends", data: ends, options: { ...at, x: "value", r: 2.5, stroke: "colour" } },
  ];
}

function panelTitles(panels: readonly string[]): MarkSpec {
  return {
    mark: "text",
    name: "panels",
    data: panels.map((panel) => ({ panel })),
    options: {
      fy: "panel",
      text: "panel",
      frameAnchor: "top-right",
      dy: -10,
      fontWeight: 600,
      lineWidth: 40,
      textOverflow: "ellipsis",
    },
  };
}
