import type { ColumnInfo, MapView, Points, Query, Tile } from "figloom/views";
import { bytesOf } from "figloom/views";
import type { DatasetLink } from "../common/context.js";
import { AskedFigures } from "../gallery/figures.js";
import type { ViewSelection } from "../selection/view-selection.js";
import type { Strip } from "../figure/strip.js";
import type { Corner } from "./outline.js";

/** What a map asks the kernel, about the query that it was made from. */
export class MapFigures {
  constructor(
    private readonly view: MapView,
    private readonly link: DatasetLink,
    private readonly selection: ViewSelection,
    private readonly signal: AbortSignal,
  ) {}

  get #query(): Query {
    return this.view.live!.query;
  }

  get #rows() {
    return { query: this.#query, source: this.selection.source };
  }

  points(colour: string | null): Promise<Points> {
    const { x, y } = this.view;
    return this.link.ask("points", { ...this.#rows, x: x.column, y: y.column, colour }, this.signal);
  }

  /** A bit a point, as the other views' selection leaves it; `null` when nothing is selected by them. */
  async selected(): Promise<Uint8Array | null> {
    if (!this.#query.linked || this.selection.others.length === 0) return null;
    const { bits } = await this.link.ask("selectedPoints", this.#rows, this.signal);
    return bytesOf(bits);
  }

  /** Makes what an outline encloses this view's part of the selection; `null` takes it away. */
  async select(corners: readonly Corner[] | null, label: string): Promise<void> {
    const { x, y } = this.view;
    const clause = corners && {
      kind: "polygon" as const,
      x: x.column,
      y: y.column,
      corners: corners.map(([across, up]): Corner => [across, up]),
    };
    await this.selection.select(label, clause);
  }

  figure(point: number): Promise<Tile | null> {
    return this.link.ask("pointFigure", { ...this.#rows, point }, this.signal);
  }

  /**
   * A figure among those that it is looked at with: all that the selection leaves, this view's part too, or all of the map
   * for a figure outside of it.
   */
  async among(figure_id: string): Promise<{ strip: Strip; row: number } | null> {
    const selected = { query: this.#query, source: "" };
    const all = { query: { ...this.#query, linked: false }, source: "" };
    for (const rows of [selected, all]) {
      const row = await this.link.ask("locate", { ...rows, figure_id }, this.signal);
      if (row === null) continue;
      const { total } = await this.link.ask("rows", rows, this.signal);
      const { link } = this;
      const ignore = () => undefined;
      return {
        strip: new AskedFigures({ link, rows, total, groups: null, arrived: ignore, failed: ignore }),
        row,
      };
    }
    return null;
  }

  /** What points can be coloured by. */
  async columns(): Promise<ColumnInfo[]> {
    const { columns } = await this.link.ask("about", {}, this.signal);
    return columns.filter(({ ref }) => !ref.startsWith("map."));
  }
}
