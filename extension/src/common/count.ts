import { integer } from "figloom/views";
import { _n } from "../common/words.js";

/** `1 figure`, `1,234 figures`. */
export function figureCount(count: number): string {
  return _n("%2 figure", "%2 figures", count, integer(count));
}
