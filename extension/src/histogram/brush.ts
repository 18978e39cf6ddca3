import { valueText } from "figloom/views";
import { el } from "../common/dom.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { moved, rangeBetween, type Axis, type ValueRange } from "./range.js";

/** Where the plot's axis lies in its frame, in pixels of the page. */
export interface Geometry {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Position on the axis (value or logarithm) of a pixel from the frame's left, and back. */
  invert(x: number): number;
  place(value: number): number;
}

export interface BrushOptions {
  /** Holds the plot; the brush lies over it. */
  frame: HTMLElement;
  geometry(): Geometry | null;
  axis(): Axis;
  /** The range was changed here. */
  onRange(range: ValueRange | null): void;
  /** Enter. */
  onEnter(): void;
  signal: AbortSignal;
}

export interface Brush {
  /** Draws the range where it lies now. */
  place(range: ValueRange | null): void;
  /** What goes over the plot. */
  node: HTMLElement;
  /** The keyboard goes to its first end. */
  focus(): void;
}

/** Pixels that a press may move and still be no drag. */
const STILL = 3;

/**
 * A range that is dragged over a plot, or moved by its two ends: arrows move an end by a bin, with shift the other end;
 * page keys by five; Escape takes the range away, Enter shows what is in it.
 */
export function drawBrush({ frame, geometry, axis, onRange, onEnter, signal }: BrushOptions): Brush {
  let range: ValueRange | null = null;
  const area = el("div", { class: "figloom-brush-area" });
  const ends = { from: handle("from", __("From")), to: handle("to", __("To")) };
  const node = el("div", { class: "figloom-brush", ...OWN_KEYS }, area, ends.from, ends.to);

  function handle(end: "from" | "to", label: string): HTMLElement {
    const node = el("div", { class: "figloom-brush-end", role: "slider", tabindex: 0, "aria-label": label });
    node.addEventListener("keydown", (event) => {
      const next = afterKey(event, end);
      if (next === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (next === "enter") onEnter();
      else change(next);
    });
    return node;
  }

  function afterKey(event: KeyboardEvent, end: "from" | "to"): ValueRange | null | undefined | "enter" {
    const which = event.shiftKey ? (end === "from" ? "to" : "from") : end;
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 }[
      event.key
    ];
    if (by !== undefined) return moved(range, which, by, axis());
    if (event.key === "Home") return moved(range, which, -Infinity, axis());
    if (event.key === "End") return moved(range, which, Infinity, axis());
    if (event.key === "Escape" && range) return null;
    if (event.key === "Enter") return "enter";
    return undefined;
  }

  function change(next: ValueRange | null): void {
    place(next);
    onRange(next);
  }

  function place(next: ValueRange | null): void {
    range = next;
    const at = geometry();
    node.hidden = at === null;
    if (!at) return;
    const { low, high } = axis();
    const shown = next ?? { from: low, to: high };
    const [left, right] = [at.place(shown.from), at.place(shown.to)];
    node.classList.toggle("figloom-brushed", next !== null);
    Object.assign(node.style, { top: `${at.top}px`, height: `${at.bottom - at.top}px` });
    Object.assign(area.style, { left: `${left}px`, width: `${Math.max(1, right - left)}px` });
    for (const end of ["from", "to"] as const) {
      ends[end].style.left = `${end === "from" ? left : right}px`;
      ends[end].setAttribute("aria-valuemin", String(low));
      ends[end].setAttribute("aria-valuemax", String(high));
      ends[end].setAttribute("aria-valuenow", String(shown[end]));
      ends[end].setAttribute(
        "aria-valuetext",
        next ? valueText(shown[end]) : __("%1, nothing chosen", valueText(shown[end])),
      );
    }
  }

  let drag: { start: number; other: number; moved: boolean; whole: ValueRange | null } | null = null;
  let waiting = 0;
  const pixel = (event: PointerEvent) => event.clientX - frame.getBoundingClientRect().left;
  const nearest = (x: number, at: Geometry): "from" | "to" | null => {
    if (!range) return null;
    const [from, to] = [Math.abs(at.place(range.from) - x), Math.abs(at.place(range.to) - x)];
    return Math.min(from, to) > 8 ? null : from < to ? "from" : "to";
  };
  frame.addEventListener(
    "pointerdown",
    (event) => {
      const at = geometry();
      if (!at || event.button !== 0) return;
      const [x, y] = [pixel(event), event.clientY - frame.getBoundingClientRect().top];
      if (x < at.left - 8 || x > at.right + 8 || y < at.top || y > at.bottom) return;
      event.preventDefault();
      // Plot would pin its tip, and follow the pointer with it.
      event.stopPropagation();
      const end = nearest(x, at);
      const inside = range && !end && x > at.place(range.from) && x < at.place(range.to);
      const fixed = range && end ? at.invert(at.place(end === "from" ? range.to : range.from)) : at.invert(x);
      drag = { start: x, other: fixed, moved: false, whole: inside ? range : null };
      frame.setPointerCapture?.(event.pointerId);
    },
    { signal, capture: true },
  );
  frame.addEventListener(
    "pointermove",
    (event) => {
      const at = geometry();
      if (!drag || !at) return;
      event.stopPropagation();
      const x = pixel(event);
      drag.moved ||= Math.abs(x - drag.start) > STILL;
      if (!drag.moved) return;
      const { start, other, whole } = drag;
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        if (!whole) return change(rangeBetween(other, at.invert(x), axis()));
        const by = Math.min(
          at.right - at.place(whole.to),
          Math.max(at.left - at.place(whole.from), x - start),
        );
        change(
          rangeBetween(at.invert(at.place(whole.from) + by), at.invert(at.place(whole.to) + by), axis()),
        );
      });
    },
    { signal, capture: true },
  );
  const stop = () => (drag = null);
  frame.addEventListener("pointerup", stop, { signal });
  frame.addEventListener("pointercancel", stop, { signal });
  frame.addEventListener("dblclick", () => range && change(null), { signal });
  signal.addEventListener("abort", () => cancelAnimationFrame(waiting), { once: true });
  return { place, node, focus: () => ends.from.focus() };
}
