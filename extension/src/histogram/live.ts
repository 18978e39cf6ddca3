import {
  fineEdges,
  LinkError,
  ownCounts,
  rowsOf,
  type AxisScale,
  type Bins,
  type HistogramView,
  type Row,
  type RowCounts,
  type SelectionPart,
} from "figloom/views";
import type { DatasetLink } from "../common/context.js";
import { oneAtATime } from "../common/one-at-a-time.js";

/** How long the bars of other views go first when this one's range moves. */
const OTHERS_FIRST_MS = 30;

export interface LiveOptions {
  view: HistogramView;
  link: DatasetLink;
  /** This view among those that select. */
  source: string;
  scale(): AxisScale;
  /** What is known is new. */
  onChange(): void;
  signal: AbortSignal;
}

export interface LiveCounts {
  /** What the kernel counted last on this axis; the view's own counts before. */
  counts(scale: AxisScale): RowCounts;
  /** Figures, and those that the selection of all views leaves; `null` before the first answer. */
  readonly total: Bins["total"] | null;
  /** What the kernel says against the last question. */
  readonly problem: string | null;
  /** Counts again. */
  refresh(): void;
}

/** Asks the kernel what the selection leaves, one question at a time; what came up meanwhile is asked once after it. */
export function liveCounts({ view, link, source, scale, onChange, signal }: LiveOptions): LiveCounts {
  const { query } = view.live!;
  const known = new Map<string, Bins>();
  const key = (row: Row, axis: AxisScale) => JSON.stringify([axis, row.group, row.series.column]);
  const state = { total: null as Bins["total"] | null, problem: null as string | null };

  /** What the other views have selected; this view's own range leaves its bars as they are. */
  let others: string | null = null;
  let barsDue = true;

  const count = oneAtATime(async () => {
    try {
      await ask();
      state.problem = null;
    } catch (error) {
      if (!(error instanceof LinkError && error.kind === "gone")) state.problem = (error as Error).message;
    }
    if (!signal.aborted) onChange();
  }, signal);
  const recount = () => {
    barsDue = true;
    void count();
  };

  async function ask(): Promise<void> {
    if (link.state === "gone") return;
    const axis = scale();
    const edges = fineEdges(view, axis);
    if (edges.length < 2) return;
    const bars = barsDue;
    barsDue = false;
    try {
      if (bars) await countBars(axis, edges);
      if (view.panels || !bars) await countTotal(axis, edges);
    } catch (error) {
      barsDue ||= bars;
      throw error;
    }
  }

  async function countBars(axis: AxisScale, edges: number[]): Promise<void> {
    for (const row of rowsOf(view)) {
      const { column } = row.series;
      if (column === undefined || signal.aborted) return;
      const group = view.panels ? { column: view.panels.by, value: row.group } : undefined;
      const bins = await link.ask(
        "bins",
        { query, source, column, edges, scale: axis, ...(group && { group }) },
        signal,
      );
      known.set(key(row, axis), bins);
      if (!group) state.total = bins.total;
    }
  }

  async function countTotal(axis: AxisScale, edges: number[]): Promise<void> {
    const { column } = rowsOf(view)[0]!.series;
    if (column === undefined) return;
    state.total = (await link.ask("bins", { query, source, column, edges, scale: axis }, signal)).total;
  }

  let later: ReturnType<typeof setTimeout> | undefined;
  const selected = (parts: readonly SelectionPart[]) => {
    const now = JSON.stringify(parts.filter((part) => part.source !== source));
    if (now !== others) {
      others = now;
      return recount();
    }
    later ??= setTimeout(() => {
      later = undefined;
      void count();
    }, OTHERS_FIRST_MS);
  };
  const ends = [
    link.on("selection", selected),
    link.on("changed", recount),
    link.onState(() => (link.state === "live" ? recount() : onChange())),
  ];
  signal.addEventListener(
    "abort",
    () => {
      for (const end of ends) end();
      clearTimeout(later);
    },
    { once: true },
  );
  void count();
  return {
    counts(axis) {
      if (link.state === "gone") return ownCounts(axis);
      const here = rowsOf(view).flatMap((row) => known.get(key(row, axis)) ?? []);
      const narrowed = here.some(({ all, selected }) => selected.some((one, i) => one !== all[i]));
      return (row) => {
        const bins = known.get(key(row, axis));
        return bins ? { all: bins.all, selected: narrowed ? bins.selected : null } : ownCounts(axis)(row);
      };
    },
    get total() {
      return link.state === "gone" ? null : state.total;
    },
    get problem() {
      return state.problem;
    },
    refresh: recount,
  };
}
