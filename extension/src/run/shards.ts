import { shardShares, shardsText, type RunShards, type RunState } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";

/** A bar for each phase: its shards that are done, at work and given up. Nothing for work that has none. */
export function drawShards({ shards }: RunState): HTMLElement | null {
  if (shards.length === 0) return null;
  return el("dl", { class: "figloom-run-shards", "aria-label": __("Shards") }, ...shards.map(row));
}

function row(shards: RunShards): HTMLElement {
  const kinds = ["done", "working", "lost"];
  const parts = shardShares(shards).map((share, i) => {
    const part = el("span", { "data-kind": kinds[i]! });
    part.style.width = `${100 * share}%`;
    return part;
  });
  return el(
    "div",
    {},
    el("dt", { dir: "auto" }, shards.phase),
    el(
      "dd",
      {},
      el("span", { class: "figloom-run-track", "aria-hidden": "true" }, ...parts),
      el("span", {}, shardsText(shards)),
    ),
  );
}
