import {
  columnsOf,
  compareRow,
  diffWords,
  sideOf,
  type Change,
  type ComparedRow,
  type MatrixColumn,
  type MatrixView,
  type ReplyChange,
} from "figloom/views";

/** Word differences that are remembered: all of a large trial's. */
const MOST_DIFFS = 10_000;

/** A trial with what it is compared with at the moment. Rows are compared when they are asked for, and again when they changed. */
export class MatrixModel {
  #view: MatrixView;
  #against: string;
  #columns: MatrixColumn[] | null = null;
  readonly #rows = new Map<number, ComparedRow>();
  readonly #diffs = new Map<string, Change[]>();

  constructor(view: MatrixView) {
    this.#view = view;
    this.#against = view.against;
  }

  get view(): MatrixView {
    return this.#view;
  }

  /** `raw` or a column's name. */
  get against(): string {
    return this.#against;
  }

  set against(name: string) {
    this.#against = name;
    this.#rows.clear();
    this.#columns = null;
  }

  /** The baseline's position among the columns, -1 for the raw captions. */
  get baseline(): number {
    const side = sideOf(this.#view.columns, this.#against);
    return side === "raw" ? -1 : side;
  }

  /** Means and intervals, worked out anew after a change. */
  get columns(): MatrixColumn[] {
    const { columns, rows, seed } = this.#view;
    return (this.#columns ??= columnsOf(columns, rows, this.#against, seed));
  }

  row(figure: number): ComparedRow {
    const known = this.#rows.get(figure);
    if (known) return known;
    const compared = compareRow(this.#view.rows[figure]!, this.baseline, (from, to) => this.#diff(from, to));
    this.#rows.set(figure, compared);
    return compared;
  }

  /** Takes a later state of the same trial. @returns figures that changed, or `null` where it is another trial */
  take(view: MatrixView): number[] | null {
    const before = this.#view;
    const same =
      view.trial === before.trial &&
      view.rows.every(({ card }, i) => !before.rows[i] || before.rows[i].card.figure_id === card.figure_id) &&
      view.columns.map(({ name }) => name).join("\n") === before.columns.map(({ name }) => name).join("\n");
    if (!same) return null;
    // An output holds fewer figures than the kernel may have sent since.
    const rows =
      view.rows.length < before.rows.length
        ? [...view.rows, ...before.rows.slice(view.rows.length)]
        : view.rows;
    const changed = rows.flatMap((row, i) =>
      before.rows[i] && JSON.stringify(row.replies) === JSON.stringify(before.rows[i].replies) ? [] : [i],
    );
    this.#view = { ...view, rows };
    this.#forget(changed);
    return changed;
  }

  /** Takes single replies. @returns figures that changed */
  apply(changes: readonly ReplyChange[], running: boolean): number[] {
    const rows = [...this.#view.rows];
    const changed = new Set<number>();
    for (const { figure, column, repeat, reply } of changes) {
      const row = rows[figure];
      if (!row?.replies[column]?.[repeat]) continue;
      const replies = row.replies.map((cell) => [...cell]);
      replies[column]![repeat] = reply;
      rows[figure] = { ...row, replies };
      changed.add(figure);
    }
    this.#view = { ...this.#view, running, rows };
    this.#forget([...changed]);
    return [...changed];
  }

  #forget(changed: readonly number[]): void {
    for (const figure of changed) this.#rows.delete(figure);
    if (changed.length > 0) this.#columns = null;
  }

  #diff(from: string, to: string): Change[] {
    const key = `${from.length} ${from}${to}`;
    const known = this.#diffs.get(key);
    if (known) return known;
    const changes = diffWords(from, to);
    if (this.#diffs.size >= MOST_DIFFS) this.#diffs.clear();
    this.#diffs.set(key, changes);
    return changes;
  }
}
