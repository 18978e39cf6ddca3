import type * as PlotModule from "@observablehq/plot";
import {
  binsAt,
  histogramSpec,
  plotOptions,
  position,
  type Choice,
  type HistogramView,
  type PlotSpec,
  type RowCounts,
} from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { Geometry } from "./brush.js";
import type { Axis } from "./range.js";
import { tipMark } from "./tip.js";

/** In pixels. */
const WIDTHS = { usual: 640, smallest: 260, largest: 900 };
/** What Plot leaves around the axes, in pixels. */
const MARGINS = { top: 26, topOfPanels: 14, bottom: 40 };

export interface ChartOptions {
  view: HistogramView;
  Plot: typeof PlotModule;
  /** What is to be drawn, each time that it is. */
  choice(): Choice;
  counts(): RowCounts;
  /** It was drawn anew. */
  onDraw(): void;
  signal: AbortSignal;
}

/** The plot, as wide as there is room. */
export interface Chart {
  /** Holds it, and what is laid over it. */
  readonly frame: HTMLElement;
  /** Of the last drawing. */
  readonly drawing: SVGSVGElement;
  spec(): PlotSpec;
  draw(): void;
  /** With the page's next frame, however often it is asked for until then. */
  later(): void;
  /** The axis of the values. */
  axis(): Axis;
  /** Where it lies; `null` where the form has none. */
  geometry(): Geometry | null;
}

/** Nothing is drawn before it is asked for. */
export function drawChart({ view, Plot, choice, counts, onDraw, signal }: ChartOptions): Chart {
  const node = el("div", {
    class: "figloom-plot",
    role: "img",
    "aria-label": __("%1: %2", view.title, view.axis),
  });
  let width = WIDTHS.usual;
  let drawing: (SVGSVGElement & PlotModule.Plot) | null = null;
  let waiting = 0;

  const spec = () => histogramSpec(view, choice(), { width, counts: counts() });

  function draw(): void {
    const options = plotOptions(spec(), Plot);
    const tips = tipMark(view, choice(), counts(), Plot);
    drawing = Plot.plot({ ...options, marks: [...options.marks, ...tips] }) as NonNullable<typeof drawing>;
    // Plot names its groups without giving them a role: the whole is one picture.
    drawing.setAttribute("aria-hidden", "true");
    node.replaceChildren(drawing);
    onDraw();
  }
  function later(): void {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(draw);
  }

  function axis(): Axis {
    const now = choice();
    const { edges, grid } = binsAt(view, now)!;
    return { scale: now.scale, low: edges[0]!, high: edges.at(-1)!, step: grid.step * now.join };
  }
  function geometry(): Geometry | null {
    const x = drawing?.scale("x");
    if (!drawing || !x?.range) return null;
    const [left, right] = [...x.range].map(Number) as [number, number];
    const { low, high, scale } = axis();
    const ends = [position(low, scale), position(high, scale)] as const;
    const per = (right - left) / (ends[1] - ends[0]);
    return {
      left,
      right,
      top: view.panels ? MARGINS.topOfPanels : MARGINS.top,
      bottom: Number(drawing.getAttribute("height")) - MARGINS.bottom,
      invert: (at) => ends[0] + (at - left) / per,
      place: (value) => left + (position(value, scale) - ends[0]) * per,
    };
  }

  const observer = new ResizeObserver(() => {
    const room = Math.round(Math.min(WIDTHS.largest, Math.max(WIDTHS.smallest, node.clientWidth)));
    if (node.clientWidth === 0 || room === width) return;
    width = room;
    later();
  });
  observer.observe(node);
  signal.addEventListener(
    "abort",
    () => {
      observer.disconnect();
      cancelAnimationFrame(waiting);
    },
    { once: true },
  );
  return {
    frame: el("div", { class: "figloom-plot-frame" }, node),
    get drawing() {
      return drawing!;
    },
    ...{ spec, draw, later, axis, geometry },
  };
}
