import { el } from "../common/dom.js";
import { __ } from "../common/words.js";

const WIDTHS = { least: 240, first: 400, most: 900, step: 40 };

/** As the user left it, for the next figure that is opened. */
const remembered = { width: WIDTHS.first, folded: false };

/** A column beside the figure that can be made wider and folded away. */
export class Side {
  readonly element: HTMLElement;
  readonly handle: HTMLElement;
  readonly #body: HTMLElement;
  readonly #onFold: (folded: boolean) => void;

  /** @param body what holds figure, handle and column, in this order */
  constructor(body: HTMLElement, element: HTMLElement, onFold: (folded: boolean) => void) {
    this.#body = body;
    this.element = element;
    this.#onFold = onFold;
    this.handle = el("div", {
      class: "figloom-handle",
      role: "separator",
      tabindex: "0",
      "aria-orientation": "vertical",
      "aria-label": __("Width of the details"),
      "aria-valuemin": WIDTHS.least,
      "aria-valuemax": WIDTHS.most,
      title: __("Width of the details: drag, or arrow keys"),
    });
    this.handle.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: WIDTHS.step, ArrowRight: -WIDTHS.step }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#set(remembered.width + by);
    });
    this.handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.handle.setPointerCapture?.(event.pointerId);
    });
    this.handle.addEventListener("pointermove", (event) => {
      if (event.buttons === 0) return;
      this.#set(body.getBoundingClientRect().right - event.clientX);
    });
    this.#set(remembered.width);
    this.fold(remembered.folded);
  }

  get folded(): boolean {
    return remembered.folded;
  }

  fold(folded: boolean): void {
    remembered.folded = folded;
    this.element.hidden = folded;
    this.handle.hidden = folded;
    this.#body.classList.toggle("figloom-folded", folded);
    this.#onFold(folded);
  }

  #set(width: number): void {
    remembered.width = Math.round(Math.min(Math.max(width, WIDTHS.least), WIDTHS.most));
    this.#body.style.setProperty("--figloom-details", `${remembered.width}px`);
    this.handle.setAttribute("aria-valuenow", String(remembered.width));
  }
}
