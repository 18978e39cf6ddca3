import type { KeyList } from "../common/keys-dialog.js";
import { __ } from "../common/words.js";

/** What keys do in a diff. */
export interface DiffActs {
  change(by: 1 | -1): void;
  figure(by: 1 | -1): void;
  claim(by: 1 | -1): void;
  open(): void;
  goTo(): void;
  accept(): void;
  reject(): void;
  tag(): void;
  undo(): void;
  redo(): void;
  help(): void;
}

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** What a key asks for; `null` for a key that is not ours. */
export function actOf(
  { key, ctrlKey, metaKey, altKey, shiftKey }: Pressed,
  acts: DiffActs,
): (() => void) | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    const pressed = key.toLowerCase();
    if (pressed === "z") return shiftKey ? acts.redo : acts.undo;
    return pressed === "y" && !shiftKey ? acts.redo : null;
  }
  const keys: Record<string, () => void> = {
    n: () => acts.change(1),
    p: () => acts.change(-1),
    j: () => acts.figure(1),
    k: () => acts.figure(-1),
    e: () => acts.claim(1),
    E: () => acts.claim(-1),
    Enter: acts.open,
    g: acts.goTo,
    a: acts.accept,
    r: acts.reject,
    t: acts.tag,
    u: acts.undo,
    U: acts.redo,
    "?": acts.help,
  };
  return Object.hasOwn(keys, key) ? keys[key]! : null;
}

/** All keys with what they do, for the list of keys. */
export function keyList(): KeyList {
  return [
    ["n, p", __("go to the next or previous change")],
    ["j, k", __("go to the next or previous figure")],
    [__("e, Shift + e"), __("go to the next or previous unsupported claim, with its reason")],
    ["g", __("go to a row by its number")],
    [__("Enter"), __("open the figure")],
    ["a, r", __("accept or reject; once more takes it back")],
    ["t", __("tag")],
    [__("u, Shift + u (Ctrl + Z, Ctrl + Y)"), __("undo, redo")],
  ];
}
