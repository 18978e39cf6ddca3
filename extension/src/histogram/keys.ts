import type { KeyList } from "../common/keys-dialog.js";
import { __ } from "../common/words.js";

/** All keys with what they do, for the list of keys: at an end of the range, which Tab goes to. */
export function keyList(): KeyList {
  return [
    ["← →", __("move this end of the range by a bin")],
    [__("Shift") + " + ← →", __("move the other end")],
    [__("Page Up, Page Down"), __("move this end by five bins")],
    [__("Home, End"), __("move this end to the axis’ end")],
    [__("Enter"), __("insert a cell that shows the figures in the range")],
    [__("Escape"), __("clear this range")],
  ];
}
