import type { ServerStatus } from "figloom/views";
import { el } from "../common/dom.js";
import { __, _n } from "../common/words.js";

/** `2 servers`, `1 of 2 servers`, `no servers`: what stands in the toolbar, and how grave it is. */
export function indicatorOf(servers: readonly ServerStatus[]): {
  text: string;
  state: "good" | "poor" | "none";
} {
  if (servers.length === 0) return { text: __("no servers"), state: "none" };
  const up = servers.filter((server) => server.up).length;
  if (up < servers.length) return { text: __("%1 of %2 servers", up, servers.length), state: "poor" };
  const busy = servers.reduce((sum, { load }) => sum + (load?.running ?? 0), 0);
  const all = _n("%1 server", "%1 servers", up);
  return { text: busy > 0 ? __("%1, %2 at work", all, busy) : all, state: "good" };
}

/** Each server with its models and load, or what is wrong with it and the way out. */
export function drawServers(servers: readonly ServerStatus[]): HTMLElement {
  if (servers.length === 0)
    return el(
      "div",
      { class: "figloom figloom-servers" },
      el("p", {}, __("No server is named, so captions come from the extractive baseline only.")),
      el("p", {}, __("Before JupyterLab is started, say where vLLM serves a vision-language model:")),
      el("pre", {}, "export FIGLOOM_ENDPOINTS=http://gpu1:8000,http://gpu2:8000"),
      el("p", {}, __("Or let some be started, which are found by themselves:")),
      el("pre", {}, "npx figloom fleet start --model Qwen/Qwen3-VL-8B-Instruct --on slurm"),
      el("p", {}, __("To rehearse without a GPU: npx figloom mock-server --count 2")),
    );
  return el(
    "div",
    { class: "figloom figloom-servers" },
    el(
      "table",
      { class: "figloom-table" },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ...[__("Server"), __("Model"), __("Running"), __("Waiting"), __("Cache")].map((heading) =>
            el("th", { scope: "col" }, heading),
          ),
        ),
      ),
      el("tbody", {}, ...servers.map(drawServer)),
    ),
  );
}

function drawServer({ address, up, detail, remedy, load }: ServerStatus): HTMLElement {
  const values = [
    load?.running ?? "–",
    load?.waiting ?? "–",
    load ? `${Math.round(100 * load.cache)} %` : "–",
  ];
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, address),
    el(
      "td",
      up ? {} : { class: "figloom-server-down" },
      remedy === null ? detail : __("%1: %2", detail, remedy),
    ),
    ...values.map((value) => el("td", {}, String(value))),
  );
}
