import type { Corner } from "./outline.js";

export type Mode = "move" | "lasso" | "rectangle";

/** What hands and keys do. Places are CSS pixels within the stage. */
export interface Handlers {
  mode(): Mode;
  onPan(right: number, down: number): void;
  onZoom(factor: number, at: Corner | null): void;
  onFit(): void;
  onHover(at: Corner | null): void;
  onOpen(at: Corner | null): void;
  /** An outline that is being drawn, in pixels; `done` when the hand let go. */
  onOutline(corners: Corner[], mode: "lasso" | "rectangle", done: boolean): void;
  /** A region by keys: begun, moved, resized. */
  onRegion(change: "begin" | "choose" | { move: Corner } | { grow: Corner }): void;
  hasRegion(): boolean;
  onMode(mode: Mode): void;
  onEscape(): void;
  onHelp(): void;
}

/** Pixels that a hand may tremble in a click. */
const TREMBLE = 4;
const STEP = 40;
const ZOOM = 1.4;

/** Listens to pointer, wheel and keys on the stage. */
export function listen(stage: HTMLElement, handlers: Handlers, signal: AbortSignal): void {
  const at = ({ clientX, clientY }: MouseEvent): Corner => {
    const { left, top } = stage.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  let hand: { mode: Mode; path: Corner[]; moved: boolean } | null = null;

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const mode = event.shiftKey && handlers.mode() === "move" ? "lasso" : handlers.mode();
    hand = { mode, path: [at(event)], moved: false };
    stage.setPointerCapture?.(event.pointerId);
    stage.focus({ preventScroll: true });
    handlers.onHover(null);
  });
  stage.addEventListener("pointermove", (event) => {
    const place = at(event);
    if (!hand) return handlers.onHover(place);
    const last = hand.path.at(-1)!;
    const [right, down] = [place[0] - last[0], place[1] - last[1]];
    const far = Math.hypot(place[0] - hand.path[0]![0], place[1] - hand.path[0]![1]);
    if (!hand.moved && far < TREMBLE) return;
    hand.moved = true;
    hand.path.push(place);
    if (hand.mode === "move") handlers.onPan(right, down);
    else handlers.onOutline(hand.path, hand.mode, false);
  });
  const lift = (event: PointerEvent) => {
    if (!hand) return;
    const { mode, path, moved } = hand;
    hand = null;
    if (!moved) handlers.onOpen(at(event));
    else if (mode !== "move") handlers.onOutline(path, mode, true);
  };
  stage.addEventListener("pointerup", lift);
  stage.addEventListener("pointercancel", () => {
    if (hand && hand.mode !== "move") handlers.onEscape();
    hand = null;
  });
  stage.addEventListener("pointerleave", () => handlers.onHover(null));
  stage.addEventListener(
    "wheel",
    (event) => {
      // Without the focus a wheel scrolls the notebook.
      if (!event.ctrlKey && document.activeElement !== stage) return;
      event.preventDefault();
      event.stopPropagation();
      const lines = event.deltaMode === 1 ? 16 : 1;
      handlers.onZoom(Math.exp(-event.deltaY * lines * 0.0016), at(event));
    },
    { passive: false, signal },
  );
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !act(event, handlers)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

const ARROWS: Record<string, Corner> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** @returns whether the key means something here */
function act({ key, shiftKey }: KeyboardEvent, handlers: Handlers): boolean {
  const arrow = ARROWS[key];
  if (arrow) {
    const by: Corner = [arrow[0] * STEP, arrow[1] * STEP];
    if (handlers.hasRegion())
      handlers.onRegion(shiftKey ? { grow: [by[0] / 2, by[1] / 2] } : { move: [by[0] / 2, by[1] / 2] });
    else handlers.onPan(-by[0], -by[1]);
  } else if (key === "+" || key === "=") handlers.onZoom(ZOOM, null);
  else if (key === "-" || key === "_") handlers.onZoom(1 / ZOOM, null);
  else if (key === "0") handlers.onFit();
  else if (key === "r") handlers.onRegion("begin");
  else if (key === "l") handlers.onMode(handlers.mode() === "lasso" ? "move" : "lasso");
  else if (key === "Enter") {
    if (handlers.hasRegion()) handlers.onRegion("choose");
    else handlers.onOpen(null);
  } else if (key === "Escape") handlers.onEscape();
  else if (key === "?") handlers.onHelp();
  else return false;
  return true;
}
