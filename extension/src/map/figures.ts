import { UUID } from "@lumino/coreutils";
import type { ColumnInfo, MapView, Points, Tile } from "figloom/views";
import { bytesOf } from "figloom/views";
import type { DatasetLink } from "../common/context.js";
import type { Corner } from "./outline.js";

/** What a map asks the kernel, about the query that it was made from. */
export class MapFigures {
  /** Names this view in the selection that all views share. */
  readonly source = UUID.uuid4();

  constructor(
    private readonly view: MapView,
    private readonly link: DatasetLink,
    private readonly signal: AbortSignal,
  ) {}

  get #rows() {
    return { query: this.view.live!.query, source: this.source };
  }

  points(colour: string | null): Promise<Points> {
    const { x, y } = this.view;
    return this.link.ask("points", { ...this.#rows, x: x.column, y: y.column, colour }, this.signal);
  }

  /** A bit a point, as the other views' selection leaves it; `null` when nothing is selected by them. */
  async selected(): Promise<Uint8Array | null> {
    const parts = await this.link.ask("selection", {}, this.signal);
    if (!parts.some(({ source }) => source !== this.source)) return null;
    const { bits } = await this.link.ask("selectedPoints", this.#rows, this.signal);
    return bytesOf(bits);
  }

  /** Whether this view still has a part in the selection. */
  async takesPart(): Promise<boolean> {
    const parts = await this.link.ask("selection", {}, this.signal);
    return parts.some(({ source }) => source === this.source);
  }

  async select(corners: readonly Corner[] | null, label: string): Promise<void> {
    const { x, y } = this.view;
    const clause = corners && {
      kind: "polygon" as const,
      x: x.column,
      y: y.column,
      corners: corners.map(([across, up]): Corner => [across, up]),
    };
    await this.link.ask("select", { source: this.source, label, clause }, this.signal);
  }

  figure(point: number): Promise<Tile | null> {
    return this.link.ask("pointFigure", { ...this.#rows, point }, this.signal);
  }

  async card(figure_id: string) {
    const [card] = await this.link.ask("cards", { figure_ids: [figure_id] }, this.signal);
    return card ?? null;
  }

  /** What points can be coloured by. */
  async columns(): Promise<ColumnInfo[]> {
    const { columns } = await this.link.ask("about", {}, this.signal);
    return columns.filter(({ ref }) => !ref.startsWith("map."));
  }
}
