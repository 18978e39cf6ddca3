import type { MapView } from "figloom/views";
import { integer } from "figloom/views";
import { figureCount } from "../common/count.js";
import { __ } from "../common/words.js";
import type { Cloud } from "./cloud.js";
import { countInside, rectangle, type Corner } from "./outline.js";

export interface Counted {
  /** `null` until the points have come. */
  cloud: Cloud | null;
  /** Of the figures only every so-manieth is a point. */
  stride: number;
  /** What is drawn around; fewer than three corners for nothing. */
  around: readonly Corner[];
  /** Whether the other views leave a point; `null` where they leave all. */
  selected: ((point: number) => boolean) | null;
}

/** How many figures all views leave: the others, and what is drawn around on the map. */
export function mapCount({ placed, without }: MapView, { cloud, stride, around, selected }: Counted): string {
  const any = around.length > 2;
  if (!cloud || (!any && !selected)) {
    const missing = without > 0 ? __(", %1 without a place", integer(without)) : "";
    return `${figureCount(placed)}${missing}`;
  }
  const count = stride * countInside(cloud, any ? around : everywhere(cloud), selected);
  const text = __("%1 of %2 figures", integer(count), integer(placed));
  return stride > 1 ? __("about %1", text) : text;
}

/** An outline around all points. */
function everywhere({ bounds: { x, y } }: Cloud): Corner[] {
  const [across, up] = [x.high - x.low || 1, y.high - y.low || 1];
  return rectangle([x.low - across, y.low - up], [x.high + across, y.high + up]);
}
