import {
  EMPTY_HISTOGRAM,
  firstChoice,
  HOW_TO_READ,
  integer,
  ownCounts,
  valueText,
  withGrids,
  type Bins,
  type HistogramView,
} from "figloom/views";
import type { DrawContext } from "../common/context.js";
import { figureCount } from "../common/count.js";
import { el } from "../common/dom.js";
import { keysButton, openKeys } from "../common/keys-dialog.js";
import { Said } from "../common/said.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { queryCode } from "../gallery/code.js";
import { SelectionLine } from "../selection/line.js";
import { ViewSelection } from "../selection/view-selection.js";
import { drawBrush } from "./brush.js";
import { drawChart } from "./chart.js";
import { drawControls } from "./controls.js";
import { drawExports } from "./exports.js";
import { drawFooter, type RangeSeries } from "./footer.js";
import { keyList } from "./keys.js";
import { liveCounts, type LiveCounts } from "./live.js";
import type { ValueRange } from "./range.js";
import { drawTable } from "./table.js";

/** Draws how values are spread, what is known of them in a table, and, with a kernel, a range that chooses figures. */
export async function drawHistogram(
  given: HistogramView,
  node: HTMLElement,
  context: DrawContext,
): Promise<void> {
  const { signal, insertCell } = context;
  const view = withGrids(given);
  const title = el("div", { class: "figloom-title", dir: "auto" }, view.title);
  if (view.series.every(({ n }) => n === 0)) {
    node.replaceChildren(title, el("p", { class: "figloom-note" }, EMPTY_HISTOGRAM), drawTable(view));
    return;
  }
  const Plot = await import("@observablehq/plot");
  if (signal.aborted) return;

  let choice = firstChoice(view);
  let range: ValueRange | null = null;
  const brushable = brushableSeries(view);
  let brushed = firstBrushed(view, brushable);

  const said = new Said();
  const line = new SelectionLine((error) => said.fail(error));
  const link = view.live ? context.dataset(view.live.dataset) : null;
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
  const scale = () => choice.scale;
  const onChange = () => chart.later();
  const live: LiveCounts | null =
    link && selection ? liveCounts({ view, link, source: selection.source, scale, onChange, signal }) : null;
  const counts = () => live?.counts(choice.scale) ?? ownCounts(choice.scale);

  const controls = drawControls(
    view,
    () => choice,
    (change) => {
      const before = choice.scale;
      choice = { ...choice, ...change };
      chart.draw();
      if (choice.scale !== before) live?.refresh();
    },
  );
  const onDraw = () => {
    controls.reflect(choice);
    reflect();
  };
  const chart = drawChart({ view, Plot, choice: () => choice, counts, onDraw, signal });

  function select(next: ValueRange | null): void {
    range = next;
    reflect();
    if (selection && brushed)
      selection
        .select(rangeLabel(view, brushed, next), next && { kind: "range", column: brushed.column, ...next })
        .catch((error: unknown) => (link?.state === "gone" ? undefined : said.fail(error)));
  }
  const showFigures = () => {
    if (range && view.live) insertCell?.(queryCode(view.live));
  };
  const { frame, geometry, axis } = chart;
  const brush = live
    ? drawBrush({ frame, geometry, axis, onRange: select, onEnter: showFigures, signal })
    : null;
  if (brush) frame.append(brush.node);
  const help = () => openKeys(keyList(), signal, () => brush?.focus());
  const keys = keysButton(help);
  const footer = drawFooter({
    ...{ series: brushable, first: brushed },
    onSeries: (series) => {
      brushed = series;
      if (range) select(range);
    },
    onClear: () => select(null),
    onShow: insertCell && showFigures,
  });
  const hint = el("span", { class: "figloom-soft" });
  const count = el("span", { class: "figloom-soft", role: "status" });

  function reflect(): void {
    const total = live?.total ?? null;
    const isGone = link?.state === "gone";
    count.textContent = countText(total);
    hint.textContent = HOW_TO_READ[choice.form];
    // Boxes are drawn from what the cell knew.
    if (isNarrowed(total) && choice.form === "box") hint.append(` · ${__("boxes are of all figures")}`);
    const problem = live?.problem ?? null;
    footer.reflect({ range, series: brushed, isGone, isCounted: total !== null, problem });
    keys.hidden = !brush || isGone;
    if (brush) {
      brush.place(range);
      brush.node.hidden ||= isGone;
    }
  }

  controls.node.append(
    drawExports({ view, chart, choice: () => choice, counts }, insertCell, (text) => said.say(text)),
    keys,
  );
  const bar = el(
    "div",
    { class: "figloom-bar" },
    el("div", { class: "figloom-titles" }, title, count, hint),
    controls.node,
  );
  const parts = [bar, line.element, frame, live ? footer.node : null, said.element];
  const box = el("div", { ...OWN_KEYS }, ...parts);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "?" || keys.hidden) return;
    event.preventDefault();
    help();
  });
  node.replaceChildren(box, drawTable(view));
  chart.draw();
}

/** Series that the kernel knows by a column. */
const brushableSeries = ({ series }: HistogramView): RangeSeries[] =>
  series.flatMap(({ name, column }) => (column === undefined ? [] : [{ name, column }]));

/** The last one that there is something to choose by: where all values are alike there is nothing. */
function firstBrushed({ series }: HistogramView, brushable: readonly RangeSeries[]): RangeSeries | undefined {
  const spread = series.findLast(({ column, sd }) => column !== undefined && sd !== null && sd > 0);
  return brushable.find(({ name }) => name === spread?.name) ?? brushable.at(-1);
}

const rangeLabel = ({ metric }: HistogramView, { name }: RangeSeries, range: ValueRange | null): string =>
  range ? __("%1 of %2 %3 to %4", metric, name, valueText(range.from), valueText(range.to)) : metric;

const isNarrowed = (total: Bins["total"] | null): boolean => total !== null && total.selected < total.all;

function countText(total: Bins["total"] | null): string {
  if (total === null) return "";
  return isNarrowed(total)
    ? __("%1 of %2 figures", integer(total.selected), integer(total.all))
    : figureCount(total.all);
}
