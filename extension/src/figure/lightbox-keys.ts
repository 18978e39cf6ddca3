import { takesText } from "../common/dom.js";
import type { LightboxActions } from "./lightbox-actions.js";
import type { Stage } from "./stage.js";
import { ZOOM_STEP } from "./zoom.js";

/** How far a key moves the picture, in pixels. */
const PAN = 60;

/** Does what a key stands for in a lightbox; keys do not go past it. */
export function lightboxKey(event: KeyboardEvent, actions: LightboxActions, stage: Stage): void {
  event.stopPropagation();
  if (event.altKey || takesText(event.target)) return;
  if (event.ctrlKey || event.metaKey) return undoKey(event, actions);
  const keys = event.shiftKey ? shiftedKeys(actions, stage) : plainKeys(actions, stage);
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]!();
}

function undoKey(event: KeyboardEvent, { undo, redo }: LightboxActions): void {
  const letter = event.key.toLowerCase();
  if (letter !== "z" && letter !== "y") return;
  event.preventDefault();
  if (letter === "y" || event.shiftKey) redo?.();
  else undo?.();
}

type Keys = Record<string, () => unknown>;

const shiftedKeys = (actions: LightboxActions, stage: Stage): Keys => ({
  ArrowLeft: () => stage.panBy(PAN, 0),
  ArrowRight: () => stage.panBy(-PAN, 0),
  ArrowUp: () => stage.panBy(0, PAN),
  ArrowDown: () => stage.panBy(0, -PAN),
  U: () => actions.redo?.(),
  "+": () => stage.zoomBy(ZOOM_STEP),
});

const plainKeys = (actions: LightboxActions, stage: Stage): Keys => ({
  ArrowLeft: () => actions.goBy(-1),
  ArrowRight: () => actions.goBy(1),
  k: () => actions.goBy(-1),
  j: () => actions.goBy(1),
  Home: () => actions.goTo(0),
  End: () => actions.goToLast(),
  "+": () => stage.zoomBy(ZOOM_STEP),
  "=": () => stage.zoomBy(ZOOM_STEP),
  "-": () => stage.zoomBy(1 / ZOOM_STEP),
  0: () => stage.fit(),
  1: () => stage.actual(),
  z: () => stage.toggle(),
  i: () => actions.fold(),
  d: () => actions.toggleCopies?.(),
  p: () => actions.showPaper?.(),
  c: () => actions.copyReference?.(),
  a: () => actions.judge?.("accepted"),
  r: () => actions.judge?.("rejected"),
  t: () => actions.tag?.(),
  u: () => actions.undo?.(),
  Escape: () => actions.close(),
});
