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
import { copyText } from "../common/copy.js";
import { figureCount } from "../common/count.js";
import { button, el } from "../common/dom.js";
import { codeExports, drawExportMenu } from "../common/export-menu.js";
import { keysButton, openKeys } from "../common/keys-dialog.js";
import { Said } from "../common/said.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { queryCode } from "../gallery/code.js";
import { SelectionLine } from "../selection/line.js";
import { ViewSelection } from "../selection/view-selection.js";
import { drawBrush, type Geometry } from "./brush.js";
import { histogramCode } from "./code.js";
import { drawControls } from "./controls.js";
import { keyList } from "./keys.js";
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
  const link = view.live ? context.dataset(view.live.dataset) : null;
  const brushable = view.series.flatMap(({ name, column }) =>
    column === undefined ? [] : [{ name, column }],
  );
  // Where all values are alike there is nothing to choose by.
  const spread = view.series.findLastIndex(({ column, sd }) => column !== undefined && sd !== null && sd > 0);
  let brushed = brushable.find(({ name }) => name === view.series[spread]?.name) ?? brushable.at(-1);

  const said = new Said();
  const line = new SelectionLine((error) => said.fail(error));
  const selection =
    link && brushed
      ? new ViewSelection(link, signal, {
          lost: () => {
            range = null;
            reflect();
          },
          // Without a kernel all figures are drawn.
          changed: () => line.draw(link.state === "gone" ? null : selection),
        })
      : null;
  const live: LiveCounts | null =
    link && selection
      ? liveCounts({
          view,
          link,
          source: selection.source,
          scale: () => choice.scale,
          onChange: () => later(),
          signal,
        })
      : null;
  const counts = () => live?.counts(choice.scale) ?? ownCounts(choice.scale);

  const plot = el("div", {
    class: "figloom-plot",
    role: "img",
    "aria-label": __("%1: %2", view.title, view.axis),
  });
  const frame = el("div", { class: "figloom-plot-frame" }, plot);
  const hint = el("span", { class: "figloom-soft" });
  const count = el("span", { class: "figloom-soft", role: "status" });
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
    if (selection && brushed)
      selection
        .select(label(next), next && { kind: "range", column: brushed.column, ...next })
        .catch((error: unknown) => (link?.state === "gone" ? undefined : said.fail(error)));
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
  const help = () => openKeys(keyList(), signal, () => brush?.focus());
  const keys = keysButton(help);

  const chosen = el("span", { class: "figloom-selected" });
  const clear = button(__("Clear"), () => select(null), { label: __("Clear this range (Escape)") });
  const figures = button(__("Show these figures"), showFigures, {
    label: __("Insert a cell below that shows the selected figures (Enter)"),
  });
  const which = drawSeriesChoice(brushable, brushed, (index) => {
    brushed = brushable[index];
    if (range) select(range);
  });
  const footer = el("div", { class: "figloom-tools figloom-selection" }, chosen, clear, figures, which);

  function reflect(): void {
    const total = live?.total;
    const gone = link?.state === "gone";
    count.textContent =
      total && total.selected < total.all
        ? __("%1 of %2 figures", integer(total.selected), integer(total.all))
        : total
          ? figureCount(total.all)
          : "";
    chosen.textContent = live?.problem
      ? __("The kernel cannot count: %1", live.problem)
      : gone
        ? __("No kernel: this was counted when the cell ran. Start it to choose figures here.")
        : range
          ? `${brushed!.name}: ${valueText(range.from)} – ${valueText(range.to)}`
          : total
            ? __("Drag over the plot to choose figures.")
            : __("Asking the kernel…");
    const all = total && total.selected < total.all && choice.form === "box";
    hint.textContent = HOW_TO_READ[choice.form] + (all ? ` · ${__("boxes are of all figures")}` : "");
    clear.hidden = range === null || gone;
    figures.hidden = range === null || gone || context.insertCell === null;
    which.hidden = gone || brushable.length < 2;
    keys.hidden = !brush || gone;
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
    // Plot names its groups without giving them a role: the whole is one picture.
    drawing.setAttribute("aria-hidden", "true");
    plot.replaceChildren(drawing);
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
        run: () => copyText(plotCode(spec(), view.title, "page")),
        done: __("The code is copied: it draws this plot on a page, with Observable Plot alone."),
      },
      ...(insert
        ? [
            {
              label: __("Insert plot code"),
              run: () => insert(plotCode(spec(), view.title, "cell")),
              done: __("A cell below draws this plot, with Observable Plot alone."),
            },
          ]
        : []),
      ...(view.live ? codeExports(() => histogramCode(view, view.live!, choice), insert) : []),
    ],
    (text) => said.say(text),
  );
  controls.node.append(menu, keys);

  const bar = el(
    "div",
    { class: "figloom-bar" },
    el("div", { class: "figloom-titles" }, title, count, hint),
    controls.node,
  );
  const parts = [bar, line.element, frame, live ? footer : null, said.element];
  const box = el("div", { ...OWN_KEYS }, ...parts);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "?" || keys.hidden) return;
    event.preventDefault();
    help();
  });
  node.replaceChildren(box, drawTable(view));
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
    },
    { once: true },
  );
}

/** Which series a range is of. */
function drawSeriesChoice(
  series: readonly { name: string }[],
  first: { name: string } | undefined,
  onChoice: (index: number) => void,
): HTMLElement {
  const select = el(
    "select",
    { class: "figloom-input figloom-form" },
    ...series.map((one, i) => el("option", { value: i, selected: one === first }, one.name)),
  );
  select.addEventListener("change", () => onChoice(Number(select.value)));
  return el("label", { class: "figloom-check" }, __("Range of"), select);
}
