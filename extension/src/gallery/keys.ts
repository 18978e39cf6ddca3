import type { KeyList } from "../common/keys-dialog.js";
import { __ } from "../common/words.js";

/** What a key does in a gallery. */
export type Command =
  | "move"
  | "extend"
  | "open"
  | "pick"
  | "pickAll"
  | "search"
  | "goTo"
  | "accept"
  | "reject"
  | "tag"
  | "undo"
  | "redo"
  | "filter"
  | "fold"
  | "help"
  | "leave";

const MOVES = new Set([
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "PageUp",
  "PageDown",
  "Home",
  "End",
]);

const COMMANDS: Record<string, Command> = {
  Enter: "open",
  " ": "pick",
  "/": "search",
  g: "goTo",
  a: "accept",
  r: "reject",
  t: "tag",
  u: "undo",
  U: "redo",
  f: "filter",
  z: "fold",
  "?": "help",
  Escape: "leave",
};

/** What a key asks for; `null` for a key that is not ours. */
export function commandOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): Command | null {
  const { key, altKey, shiftKey } = event;
  if (altKey) return null;
  if (event.ctrlKey || event.metaKey) return withControl(key.toLowerCase(), shiftKey);
  if (MOVES.has(key)) return shiftKey ? "extend" : "move";
  return Object.hasOwn(COMMANDS, key) ? COMMANDS[key]! : null;
}

function withControl(key: string, shift: boolean): Command | null {
  if (key === "z") return shift ? "redo" : "undo";
  if (shift) return null;
  return key === "a" ? "pickAll" : key === "y" ? "redo" : null;
}

/** All keys with what they do, for the list of keys. */
export function keyList(): KeyList {
  return [
    ["← → ↑ ↓", __("go to the next figure")],
    [__("Page Up, Page Down"), __("go by a screen")],
    [__("Home, End"), __("go to the first or last figure")],
    ["g", __("go to a row by its number")],
    ["/", __("search")],
    ["f", __("choose what is shown")],
    ["z", __("fold or unfold the group")],
    [__("Enter"), __("open the figure")],
    [__("Space"), __("select the figure")],
    [__("Shift + arrows, Shift + click"), __("select a range")],
    ["Ctrl + A", __("select all that match, up to 10,000")],
    ["a, r", __("accept or reject; once more takes it back")],
    ["t", __("tag")],
    [__("u, Shift + u (Ctrl + Z, Ctrl + Y)"), __("undo, redo")],
    [__("Escape"), __("close, or select nothing")],
  ];
}
