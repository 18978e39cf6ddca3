import type { FigureCard, Tile } from "figloom/views";
import { figureName, paperName } from "figloom/views";
import { button, el } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { __, _n } from "../common/words.js";
import { drawThumb } from "./picture.js";
import { Stage, type StageOptions } from "./stage.js";

export interface CompareOptions {
  context: DrawContext;
  duplicates(figureId: string): Promise<Tile[]>;
  cards(figureIds: string[]): Promise<FigureCard[]>;
  picture: StageOptions["picture"];
  onClose(): void;
}

/** Copies of a figure beside it: one at full size, the others to choose from. */
export class Compare {
  readonly element: HTMLElement;
  readonly #options: CompareOptions;
  readonly #stage: Stage;
  readonly #name = el("span", { class: "figloom-compare-name", dir: "auto" });
  readonly #others = el("div", {
    class: "figloom-compare-others",
    role: "group",
    "aria-label": __("Copies of this figure"),
  });
  readonly #state = el("p", { class: "figloom-note", role: "status" });
  #asked = 0;

  constructor(options: CompareOptions) {
    this.#options = options;
    this.#stage = new Stage(options.context, __("Copy of the figure"), { picture: options.picture });
    const close = button("✕", options.onClose, { label: __("Close the comparison (d)") });
    this.element = el(
      "div",
      { class: "figloom-compare", hidden: true },
      el("div", { class: "figloom-compare-head" }, this.#name, close),
      this.#state,
      this.#stage.element,
      this.#others,
    );
  }

  /** Looks for copies of a figure and shows the nearest. */
  async draw(card: FigureCard): Promise<void> {
    const asked = ++this.#asked;
    this.#others.replaceChildren();
    this.#stage.element.hidden = true;
    this.#name.textContent = "";
    this.#state.hidden = false;
    this.#state.textContent = __("Looking for copies…");
    try {
      const tiles = await this.#options.duplicates(card.figure_id);
      if (asked !== this.#asked) return;
      if (tiles.length === 0) {
        this.#state.textContent = __(
          "No exact or near copy of this figure is known. Copies are looked for by a check of the dataset.",
        );
        return;
      }
      this.#state.textContent = _n("%1 copy", "%1 copies", tiles.length);
      this.#others.replaceChildren(...tiles.map((tile) => this.#drawOther(tile)));
      this.#others.hidden = tiles.length < 2;
      await this.#choose(tiles[0]!);
    } catch (error) {
      if (asked === this.#asked) this.#state.textContent = (error as Error).message;
    }
  }

  #drawOther(tile: Tile): HTMLElement {
    const name = `${figureName(tile)}, ${paperName(tile)}`;
    const other = button("", () => void this.#choose(tile), { label: name, className: "figloom-other" });
    other.dataset.figure = tile.figure_id;
    other.append(drawThumb({ ...tile, picture: tile }));
    return other;
  }

  async #choose(tile: Tile): Promise<void> {
    const asked = this.#asked;
    const [card] = await this.#options.cards([tile.figure_id]);
    if (!card || asked !== this.#asked) return;
    this.#name.textContent = `${figureName(card)}, ${paperName(card)}`;
    this.#stage.element.hidden = false;
    this.#stage.draw(card);
    for (const other of this.#others.querySelectorAll<HTMLElement>("button"))
      other.setAttribute("aria-pressed", String(other.dataset.figure === tile.figure_id));
  }
}
