// @vitest-environment jsdom
import { drawContext, find, press, texts } from "./setup.js";
import { beforeEach, expect, test, vi } from "vitest";
import type { DatasetLink } from "../../../extension/src/common/context.js";
import { drawHistogram } from "../../../extension/src/histogram/histogram.js";
import { moved, rangeBetween, type Axis } from "../../../extension/src/histogram/range.js";
import { csvFile, svgFile } from "../../../extension/src/histogram/save.js";
import { binMethods } from "../../../kernel-lib/src/service/methods/bins.js";
import type { Service } from "../../../kernel-lib/src/service/service.js";
import type { DatasetEvents, DatasetMethods } from "../../../kernel-lib/src/views/dataset-service.js";
import { firstChoice, ownCounts } from "../../../kernel-lib/src/views/histogram.js";
import type { HistogramView } from "../../../kernel-lib/src/views/protocol.js";
import type { Clause, SelectionPart } from "../../../kernel-lib/src/views/query.js";
import { distributionOf, frameOf } from "../../support/frame-of-values.js";
import { inProcessLink } from "../../support/in-process-link.js";

let node: HTMLElement;
const series = { raw: [0.1, 0.2, 0.4], extractive: [0.4, 0.6, null] };
const sample = (wishes: Partial<Parameters<typeof distributionOf>[0]> = {}) =>
  distributionOf({ title: "Support", metric: "support", axis: "support (0..1)", series, ...wishes });
const draw = (view: HistogramView, context = drawContext()) => drawHistogram(view, node, context);
const bars = () => [...document.querySelectorAll("svg g[aria-label=rect] rect")];
const svg = () => document.querySelector<SVGSVGElement>(".figloom-plot svg")!;
const option = (name: string) => {
  const select = find<HTMLSelectElement>("select");
  select.value = name;
  select.dispatchEvent(new Event("change"));
};

beforeEach(() => {
  node = document.createElement("div");
  document.body.replaceChildren(node);
});

test("draws both series over each other from the same ground, with a line at each mean", async () => {
  await draw(await sample({ domain: [0, 1] }));
  expect(bars()).toHaveLength(5);
  const ground = bars().map((bar) => Number(bar.getAttribute("y")) + Number(bar.getAttribute("height")));
  expect(new Set(ground).size).toBe(1);
  expect(document.querySelectorAll(".figloom-plot g[aria-label=rule] line")).toHaveLength(3);
  expect(texts(".figloom-titles .figloom-soft")).toContain("upright lines mark the means");
});

test("says n, mean, sd, median, shift of each series in a table, and how many have no value", async () => {
  await draw(await sample());
  expect(texts("thead th").slice(1)).toEqual(["n", "mean", "sd", "median", "shift from raw", "no value"]);
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => texts("th, td", row));
  expect(rows).toEqual([
    ["raw", "3", "0.233", "0.153", "0.2", "–", "0"],
    ["extractive", "2", "0.5", "0.141", "0.5", "+0.35", "1"],
  ]);
});

test("draws the form that is chosen", async () => {
  await draw(await sample());
  option("density");
  expect(bars()).toHaveLength(0);
  expect(document.querySelectorAll("svg g[aria-label=area] path").length).toBe(2);
  option("cdf");
  expect(svg().getAttribute("aria-label")).toBe("Cumulative distribution of support");
  option("box");
  expect(document.querySelectorAll("svg g[aria-label=bar] rect")).toHaveLength(2);
});

test("draws wider bins on demand", async () => {
  await draw(await sample({ series: { raw: Array.from({ length: 200 }, (_, i) => Math.sqrt(i)) } }));
  const before = bars().length;
  find("button[aria-label='Fewer bins']").click();
  expect(bars().length).toBeLessThan(before);
});

test("offers a logarithmic axis only where all values lie above zero", async () => {
  const log = () => texts("label").includes("Logarithmic");
  await draw(await sample({ series: { raw: [-1, 0, 3] } }));
  expect(log()).toBe(false);
  await draw(await sample({ scale: "log" }));
  expect(log()).toBe(true);
  expect(find<HTMLInputElement>("input[type=checkbox]").checked).toBe(true);
});

test("saves the drawing as an SVG file of its own, black on white", async () => {
  await draw(await sample());
  const parsed = new DOMParser().parseFromString(svgFile(svg()), "image/svg+xml");
  expect(parsed.documentElement.namespaceURI).toBe("http://www.w3.org/2000/svg");
  expect(parsed.querySelectorAll("rect").length).toBeGreaterThan(3);
  expect(parsed.documentElement.getAttribute("style")).toContain("color: black");
});

test("gives the bins as CSV in which no name is a formula", async () => {
  const view = await sample({ series: { '=1+"1"': [1, 1, 2] } });
  const lines = csvFile(view, firstChoice(view), ownCounts("linear")).split("\r\n");
  expect(lines[0]).toBe("series,from,to,count,share,selected");
  expect(lines[1]).toBe(`"'=1+""1""",1,2,2,0.666667,`);
});

test("shows outputs of older versions", async () => {
  const old = { name: "raw", n: 3, missing: 0, mean: 2, sd: 1, median: 2, counts: [1, 2] };
  await draw({ title: "t", metric: "m", axis: "m", scale: "linear", edges: [0, 1, 2], series: [old] });
  expect(bars()).toHaveLength(2);
  expect(document.querySelector(".figloom-selection")).toBeNull();
});

test("says what to do where there is no value", async () => {
  await draw(await sample({ series: { raw: [null] } }));
  expect(node.textContent).toContain("lab.score");
  expect(document.querySelector(".figloom-plot")).toBeNull();
});

test("says that there is no kernel, and offers no range then", async () => {
  await draw(await sample());
  expect(find(".figloom-selection").textContent).toContain("No kernel");
  expect(find(".figloom-brush").hidden).toBe(true);
});

/** A kernel with the bins of these series, whose selection is what is told. */
async function kernel() {
  const frame = frameOf({ "score.m@raw": series.raw, "score.m@extractive": series.extractive });
  const told: { source: string; clause: SelectionPart["clause"] | null }[] = [];
  const others: { clauses: Clause[] } = { clauses: [] };
  const service = {
    folder: "/data/d",
    clauses: () => others.clauses,
    frame: async () => frame,
  } as unknown as Service;
  const link = inProcessLink<DatasetMethods, DatasetEvents>((emit) => ({
    handlers: {
      ...binMethods(service),
      select: (part: { source: string; clause: SelectionPart["clause"] | null }) => {
        told.push(part);
        const parts = part.clause ? [part] : [];
        emit("selection", parts as SelectionPart[]);
        return parts;
      },
    } as never,
  }));
  return { link: link as unknown as DatasetLink & typeof link, told, others };
}

test("with a kernel a range is moved by keys and becomes the view's part of the selection", async () => {
  const { link, told } = await kernel();
  const context = drawContext({ "/data/d": link });
  await draw(await sample(), context);
  await vi.waitFor(() => expect(find(".figloom-titles [role=status]").textContent).toBe("3 figures"));
  find("[role=slider][aria-label=From]").focus();
  press("ArrowRight");
  press("ArrowRight");
  await vi.waitFor(() =>
    expect(told.at(-1)?.clause).toEqual({ kind: "range", column: "score.m@extractive", from: 0.2, to: 0.6 }),
  );
  expect(find("[role=slider][aria-label=From]").getAttribute("aria-valuenow")).toBe("0.2");
  press("Enter");
  expect(context.inserted.join()).toContain("lab.gallery(");
  press("Escape");
  await vi.waitFor(() => expect(told.at(-1)?.clause).toBeNull());
});

test("? lists the keys, and they are at hand again afterwards; without a kernel there are none", async () => {
  const { link } = await kernel();
  await draw(await sample(), drawContext({ "/data/d": link }));
  find("select").focus();
  press("?");
  expect(texts("dialog dt")).toContain("← →");
  // A browser puts the focus into the dialog.
  find("dialog button").focus();
  press("Escape");
  expect(document.querySelector("dialog")).toBeNull();
  expect(document.activeElement).toBe(find("[role=slider][aria-label=From]"));
  await draw(await sample());
  find("select").focus();
  press("?");
  expect(document.querySelector("dialog")).toBeNull();
});

test("a range is of the last series at first, or of the last that has different values", async () => {
  const { link } = await kernel();
  const chosen = () => {
    const which = [...document.querySelectorAll("label")].find((one) =>
      one.textContent?.startsWith("Range of"),
    )!;
    return which.querySelector("select")!.selectedOptions[0]!.textContent;
  };
  await draw(await sample(), drawContext({ "/data/d": link }));
  expect(chosen()).toBe("extractive");
  await draw(
    await sample({ series: { raw: series.raw, extractive: [1, 1, 1] } }),
    drawContext({ "/data/d": link }),
  );
  expect(chosen()).toBe("raw");
});

test("a range is dragged over the plot, whatever Plot does with the pointer, and cleared by a button", async () => {
  const { link, told } = await kernel();
  await draw(await sample(), drawContext({ "/data/d": link }));
  const point = (type: string, clientX: number) =>
    svg().dispatchEvent(
      new MouseEvent(type, { clientX, clientY: 80, button: 0, bubbles: true, cancelable: true }),
    );
  point("pointerdown", 100);
  for (const x of [150, 200, 300]) point("pointermove", x);
  await vi.waitFor(() => expect(told.at(-1)?.clause).toMatchObject({ kind: "range" }));
  point("pointerup", 300);
  const { from, to } = told.at(-1)!.clause as { from: number; to: number };
  expect(from).toBeGreaterThan(0.1);
  expect(to).toBeLessThan(0.5);
  expect(to).toBeGreaterThan(from);
  [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Clear")!.click();
  await vi.waitFor(() => expect(told.at(-1)?.clause).toBeNull());
});

test("its own range leaves the bars as they are, and asks for the total alone", async () => {
  const { link } = await kernel();
  await draw(await sample(), drawContext({ "/data/d": link }));
  const counted = () => link.asked.filter((method) => method === "bins").length;
  await vi.waitFor(() => expect(find(".figloom-titles [role=status]").textContent).toBe("3 figures"));
  const start = counted();
  const slider = find("[role=slider][aria-label=From]");
  slider.focus();
  press("ArrowRight");
  await vi.waitFor(() => expect(counted()).toBe(start + 2));
  press("ArrowRight");
  await vi.waitFor(() => expect(counted()).toBe(start + 3));
});

test("what the others' selection leaves stands filled before all", async () => {
  const { link, others } = await kernel();
  others.clauses = [{ kind: "range", column: "score.m@raw", from: 0, to: 0.3 }];
  await draw(await sample(), drawContext({ "/data/d": link }));
  await vi.waitFor(() => expect(bars().length).toBe(9));
  expect(find(".figloom-titles [role=status]").textContent).toBe("2 of 3 figures");
});

test("what the kernel cannot count is said", async () => {
  const { link, others } = await kernel();
  others.clauses = [{ kind: "range", column: "nonsense", from: 0, to: 1 }];
  await draw(await sample(), drawContext({ "/data/d": link }));
  await vi.waitFor(() => expect(find(".figloom-selected").textContent).toContain("The kernel cannot count"));
});

test("a range keeps to the axis, and all of it is none", () => {
  const axis: Axis = { scale: "log", low: 1, high: 1000, step: 1 };
  expect(rangeBetween(-4, 1, axis)).toEqual({ from: 1, to: 10 });
  expect(rangeBetween(-4, 9, axis)).toBeNull();
  expect(moved(null, "to", -1, axis)).toEqual({ from: 1, to: 100 });
  expect(moved({ from: 1, to: 100 }, "to", 1, axis)).toBeNull();
});
