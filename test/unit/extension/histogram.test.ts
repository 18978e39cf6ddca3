// @vitest-environment jsdom
import { drawContext, find, texts } from "./setup.js";
import { beforeEach, expect, test } from "vitest";
import { drawHistogram } from "../../../extension/src/histogram/histogram.js";
import { svgFile } from "../../../extension/src/histogram/save.js";
import { buildHistogram, type HistogramOptions } from "../../../kernel-lib/src/views/histogram.js";

let node: HTMLElement;
const series = [
  { name: "raw", values: [0.1, 0.2, 0.4] },
  { name: "extractive", values: [0.4, 0.6, null] },
];
const draw = (options: Partial<HistogramOptions> = {}) =>
  drawHistogram(
    buildHistogram({ title: "Support", metric: "support", axis: "support (0..1)", series, ...options }),
    node,
    drawContext(),
  );
const bars = () => [...document.querySelectorAll("svg g[aria-label=rect] rect")];

beforeEach(() => {
  node = document.createElement("div");
  document.body.replaceChildren(node);
});

test("draws both series over each other from the same ground, with a line at each mean", async () => {
  await draw({ domain: [0, 1] });
  expect(bars()).toHaveLength(5);
  const ground = bars().map((bar) => Number(bar.getAttribute("y")) + Number(bar.getAttribute("height")));
  expect(new Set(ground).size).toBe(1);
  expect(document.querySelectorAll(".figloom-plot g[aria-label=rule] line")).toHaveLength(3);
  expect(texts(".figloom-titles .figloom-soft")).toEqual(["upright lines mark the means"]);
});

test("says n, mean, sd and median of each series in a table, and how many have no value", async () => {
  await draw();
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => texts("th, td", row));
  expect(rows).toEqual([
    ["raw", "3", "0.233", "0.153", "0.2", "0"],
    ["extractive", "2", "0.5", "0.141", "0.5", "1"],
  ]);
});

test("offers a logarithmic axis only where all bins lie above zero", async () => {
  await draw({ domain: [0, 1] });
  expect(document.querySelector("input[type=checkbox]")).toBeNull();
  await draw({ scale: "log" });
  expect(find<HTMLInputElement>("input[type=checkbox]").checked).toBe(true);
});

test("saves the drawing as an SVG file of its own, black on white", async () => {
  await draw();
  const file = svgFile(document.querySelector<SVGSVGElement>(".figloom-plot svg")!);
  const parsed = new DOMParser().parseFromString(file, "image/svg+xml");
  expect(parsed.documentElement.namespaceURI).toBe("http://www.w3.org/2000/svg");
  expect(parsed.querySelectorAll("rect").length).toBeGreaterThan(3);
  expect(parsed.documentElement.getAttribute("style")).toContain("color: black");
});

test("says what to do where there is no value", async () => {
  await draw({ series: [{ name: "raw", values: [null] }] });
  expect(node.textContent).toContain("lab.score");
  expect(document.querySelector(".figloom-plot")).toBeNull();
});
