import { valueText } from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { ValueRange } from "./range.js";

/** A series that a range can be of. */
export interface RangeSeries {
  name: string;
  column: string;
}

/** What the footer says. */
export interface RangeStanding {
  range: ValueRange | null;
  /** Which the range is of. */
  series: RangeSeries | undefined;
  isGone: boolean;
  /** Whether figures were counted. */
  isCounted: boolean;
  /** What the kernel says against counting. */
  problem: string | null;
}

export interface FooterOptions {
  series: readonly RangeSeries[];
  first: RangeSeries | undefined;
  onSeries(series: RangeSeries): void;
  onClear(): void;
  /** `null` where there is no notebook to show them in. */
  onShow: (() => void) | null;
}

export interface Footer {
  readonly node: HTMLElement;
  reflect(standing: RangeStanding): void;
}

/** Below the plot: the range that is chosen, what can be done with it, and which series it is of. */
export function drawFooter({ series, first, onSeries, onClear, onShow }: FooterOptions): Footer {
  const chosen = el("span", { class: "figloom-selected" });
  const clear = button(__("Clear"), onClear, { label: __("Clear this range (Escape)") });
  const figures = button(__("Show these figures"), () => onShow?.(), {
    label: __("Insert a cell below that shows the selected figures (Enter)"),
  });
  const which = drawSeriesChoice(series, first, onSeries);
  return {
    node: el("div", { class: "figloom-tools figloom-selection" }, chosen, clear, figures, which),
    reflect(standing) {
      const { range, isGone } = standing;
      chosen.textContent = chosenText(standing);
      clear.hidden = range === null || isGone;
      figures.hidden = range === null || isGone || onShow === null;
      which.hidden = isGone || series.length < 2;
    },
  };
}

function chosenText({ range, series, isGone, isCounted, problem }: RangeStanding): string {
  if (problem !== null) return __("The kernel cannot count: %1", problem);
  if (isGone) return __("No kernel: this was counted when the cell ran. Start it to choose figures here.");
  if (range) return `${series!.name}: ${valueText(range.from)} – ${valueText(range.to)}`;
  return isCounted ? __("Drag over the plot to choose figures.") : __("Asking the kernel…");
}

function drawSeriesChoice(
  series: readonly RangeSeries[],
  first: RangeSeries | undefined,
  onSeries: (series: RangeSeries) => void,
): HTMLElement {
  const select = el(
    "select",
    { class: "figloom-input figloom-form" },
    ...series.map((one, i) => el("option", { value: i, selected: one === first }, one.name)),
  );
  select.addEventListener("change", () => onSeries(series[Number(select.value)]!));
  return el("label", { class: "figloom-check" }, __("Range of"), select);
}
