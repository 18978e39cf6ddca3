import type { KeyList } from "../common/keys-dialog.js";
import { __ } from "../common/words.js";

/** All keys with what they do, for the list of keys. */
export function keyList(): KeyList {
  return [
    ["← → ↑ ↓", __("move over the map")],
    ["+, −", __("zoom in or out")],
    ["0", __("show all points")],
    [__("Enter"), __("open the figure in the middle")],
    ["l", __("draw around figures by the pointer; once more moves again")],
    ["r", __("choose a region: arrows move it, Shift + arrows resize it, Enter takes it")],
    [__("Escape"), __("clear this map’s selection")],
  ];
}
