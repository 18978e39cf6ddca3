import { UUID } from "@lumino/coreutils";
import type { Plot as PlotInstance } from "@observablehq/plot";
import {
  binsAt,
  EMPTY_HISTOGRAM,
  firstChoice,
  histogramSpec,
  HOW_TO_READ,
  integer,
  ownCounts,
  plotCode,
  plotOptions,
  position,
  valueText,
  withGrids,
  type HistogramView,
} from "figloom/views";
import type { DrawContext } from "../common/context.js";
import { button, el, OWN_KEYS } from "../common/dom.js";
import { __ } from "../common/words.js";
import { copyText } from "../figure/copy.js";
import { queryCode } from "../gallery/code.js";
import { drawBrush, type Geometry } from "./brush.js";
import { histogramCode } from "./code.js";
import { drawControls } from "./controls.js";
import { drawExportMenu } from "./export-menu.js";
import { liveCounts, type LiveCounts } from "./live.js";
import type { Axis, ValueRange } from "./range.js";
import { csvFile, pngFile, saveFile, svgFile } from "./save.js";
import { drawTable } from "./table.js";
import { tipMark } from "./tip.js";

const WIDTHS = { usual: 640, smallest: 260, largest: 900 };

/** Draws how values are spread, what is known of them in a table, and, with a kernel, a range that chooses figures. */
export async function drawHistogram(
  given: HistogramView,
  node: HTMLElement,
  context: DrawContext,
): Promise<void> {
  const { signal } = context;
  const view = withGrids(given);
  const title = el("div", { class: "figloom-title", dir: "auto" }, view.title);
  if (view.series.every(({ n }) => n === 0)) {
    node.replaceChildren(title, el("p", { class: "figloom-note" }, EMPTY_HISTOGRAM), drawTable(view));
    return;
  }
  const Plot = await import("@observablehq/plot");
  if (signal.aborted) return;

  let choice = firstChoice(view);
  let width = WIDTHS.usual;
  let range: ValueRange | null = null;
  let drawing: (SVGSVGElement & PlotInstance) | null = null;
  const source = UUID.uuid4();
  const link = view.live ? context.dataset(view.live.dataset) : null;
  const brushable = view.series.flatMap(({ name, column }) =>
    column === undefined ? [] : [{ name, column }],
  );
  let brushed = brushable.at(-1);

  const live: LiveCounts | null =
    link && brushed
      ? liveCounts({ view, link, source, scale: () => choice.scale, onChange: () => later(), signal })
      : null;
  const counts = () => live?.counts(choice.scale) ?? ownCounts(choice.scale);

  const plot = el("div", { class: "figloom-plot" });
  const frame = el("div", { class: "figloom-plot-frame" }, plot);
  const hint = el("span", { class: "figloom-soft" });
  const said = el("span", { class: "figloom-soft", role: "status" });
  const controls = drawControls(
    view,
    () => choice,
    (change) => {
      const axis = choice.scale;
      choice = { ...choice, ...change };
      draw();
      if (choice.scale !== axis) live?.refresh();
    },
  );

  const axis = (): Axis => {
    const { edges, grid } = binsAt(view, choice)!;
    return { scale: choice.scale, low: edges[0]!, high: edges.at(-1)!, step: grid.step * choice.join };
  };
  const geometry = (): Geometry | null => {
    const x = drawing?.scale("x");
    if (!drawing || !x?.range) return null;
    const [left, right] = [...x.range].map(Number) as [number, number];
    const { low, high, scale } = axis();
    const ends = [position(low, scale), position(high, scale)] as const;
    const per = (right - left) / (ends[1] - ends[0]);
    const height = Number(drawing.getAttribute("height"));
    return {
      left,
      right,
      top: view.panels ? 14 : 26,
      bottom: height - 40,
      invert: (at) => ends[0] + (at - left) / per,
      place: (value) => left + (position(value, scale) - ends[0]) * per,
    };
  };

  const select = (next: ValueRange | null) => {
    range = next;
    reflect();
    if (live && brushed) live.select(brushed.column, label(next), next);
  };
  const label = (next: ValueRange | null) =>
    next
      ? __("%1 of %2 %3 to %4", view.metric, brushed!.name, valueText(next.from), valueText(next.to))
      : view.metric;
  const showFigures = () => {
    if (range && view.live) context.insertCell?.(queryCode(view.live));
  };
  const brush = live
    ? drawBrush({ frame, geometry, axis, onRange: select, onEnter: showFigures, signal })
    : null;
  if (brush) frame.append(brush.node);

  const selected = el("span", { class: "figloom-selected", role: "status" });
  const clear = button(__("Clear"), () => {
    select(null);
    brush?.place(null);
  });
  const figures = button(__("Show these figures"), showFigures);
  const which = drawSeriesChoice(brushable, (index) => {
    brushed = brushable[index];
    if (range) select(range);
  });
  const footer = el("div", { class: "figloom-tools figloom-selection" }, selected, clear, figures, which);

  function reflect(): void {
    const total = live?.total;
    const gone = link?.state === "gone";
    selected.textContent = live?.problem
      ? __("The kernel cannot count: %1", live.problem)
      : gone
        ? __("No kernel: this is what was counted when the cell ran.")
        : [
            range ? `${valueText(range.from)} – ${valueText(range.to)}:` : null,
            total
              ? __("%1 of %2 figures selected", integer(total.selected), integer(total.all))
              : __("Asking the kernel…"),
          ]
            .filter((part) => part !== null)
            .join(" ");
    clear.hidden = range === null || gone;
    figures.hidden = range === null || gone || context.insertCell === null;
    which.hidden = gone || brushable.length < 2;
    if (brush) {
      brush.place(range);
      brush.node.hidden ||= gone;
    }
  }

  function draw(): void {
    const spec = histogramSpec(view, choice, { width, counts: counts() });
    const options = plotOptions(spec, Plot);
    const tips = tipMark(view, choice, counts(), Plot);
    drawing = Plot.plot({ ...options, marks: [...options.marks, ...tips] }) as SVGSVGElement & PlotInstance;
    drawing.setAttribute("role", "img");
    plot.replaceChildren(drawing);
    hint.textContent = HOW_TO_READ[choice.form];
    controls.reflect(choice);
    reflect();
  }
  let waiting = 0;
  function later(): void {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(draw);
  }

  const spec = () => histogramSpec(view, choice, { width, counts: counts() });
  const insert = context.insertCell;
  const name = view.metric.replaceAll(/[^\w.-]+/g, "-");
  const copied = async (text: string) => {
    if (!(await copyText(text))) throw new Error(__("the browser does not let a page copy"));
  };
  const menu = drawExportMenu(
    [
      { label: __("SVG"), run: () => saveFile(svgFile(drawing!), "image/svg+xml", `${name}.svg`) },
      { label: __("PNG"), run: async () => saveFile(await pngFile(drawing!), "image/png", `${name}.png`) },
      {
        label: __("CSV of the bins"),
        run: () => saveFile(csvFile(view, choice, counts()), "text/csv", `${name}.csv`),
      },
      {
        label: __("Copy plot code"),
        run: () => copied(plotCode(spec(), view.title, "page")),
        done: __("The code is copied: it draws this plot on a page, with Observable Plot alone."),
      },
      ...(insert
        ? [
            { label: __("Insert plot code"), run: () => insert(plotCode(spec(), view.title, "cell")) },
            ...(view.live
              ? [{ label: __("Insert cell"), run: () => insert(histogramCode(view, view.live!, choice)) }]
              : []),
          ]
        : []),
    ],
    (text) => (said.textContent = text),
  );
  controls.node.append(menu);

  const bar = el(
    "div",
    { class: "figloom-bar" },
    el("div", { class: "figloom-titles" }, title, hint),
    controls.node,
  );
  node.replaceChildren(el("div", { ...OWN_KEYS }, bar, said, frame, live ? footer : null), drawTable(view));
  draw();

  const observer = new ResizeObserver(() => {
    const room = Math.round(Math.min(WIDTHS.largest, Math.max(WIDTHS.smallest, plot.clientWidth)));
    if (plot.clientWidth === 0 || room === width) return;
    width = room;
    later();
  });
  observer.observe(plot);
  signal.addEventListener(
    "abort",
    () => {
      observer.disconnect();
      cancelAnimationFrame(waiting);
      if (live && range && brushed && link?.state === "live")
        link.ask("select", { source, label: "", clause: null }).catch(() => undefined);
    },
    { once: true },
  );
}

/** Which series a range is of; the last one first. */
function drawSeriesChoice(
  series: readonly { name: string }[],
  onChoice: (index: number) => void,
): HTMLElement {
  const select = el(
    "select",
    { class: "figloom-input figloom-form" },
    ...series.map(({ name }, i) => el("option", { value: i, selected: i === series.length - 1 }, name)),
  );
  select.addEventListener("change", () => onChoice(Number(select.value)));
  return el("label", { class: "figloom-check" }, __("Range of"), select);
}
