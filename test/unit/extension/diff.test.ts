// @vitest-environment jsdom
import { drawContext, find, press, texts } from "./setup.js";
import { beforeEach, expect, test } from "vitest";
import { drawDiff } from "../../../extension/src/diff/diff.js";
import { buildDiff } from "../../../kernel-lib/src/views/diff.js";
import { card, NEW, RAW, recaption, supportScore } from "../kernel-lib/views/samples.js";

const at = NEW.indexOf("700");
const claims = [{ text: "700 nm", kind: "number", span: [at, at + 6], supported: false, reason: "nowhere" }];
const support = [supportScore("raw", 0.25, []), supportScore("extractive", 0.5, claims)];
const scores = [...support, ...support.map((score) => ({ ...score, metric: "clip", detail: null }))];
let node: HTMLElement;

function draw() {
  const cards = [
    card({}, { scores }),
    card({ number: "4" }, { recaptions: [recaption(RAW)] }),
    card({ number: "5" }, { recaptions: [recaption("A map of five sites.")] }),
  ];
  drawDiff(buildDiff({ title: "Captions", from: "raw", to: "extractive", cards }), node, drawContext());
}
const items = () => [...document.querySelectorAll<HTMLElement>(".figloom-diff-item")];
const button = (name: string) =>
  [...document.querySelectorAll("button")].find((node) => (node.ariaLabel ?? node.textContent) === name)!;

beforeEach(() => {
  node = document.createElement("div");
  document.body.replaceChildren(node);
});

test("weaves both captions into one text: without insertions the old one, without removals the new one", () => {
  draw();
  const text = (hidden: string) => {
    const copy = find(".figloom-text", items()[2]!).cloneNode(true) as HTMLElement;
    copy.querySelectorAll(hidden).forEach((piece) => piece.remove());
    return copy.textContent;
  };
  expect(text("ins")).toBe(RAW);
  expect(text("del")).toBe("A map of five sites.");
});

test("marks what is unsupported inside what was added, with the reason, in one piece", () => {
  draw();
  expect(texts("ins", items()[0]!)).toEqual([" between 300 nm and 700 nm"]);
  expect(find("ins .figloom-doubt", items()[0]!).title).toBe("Unsupported: nowhere");
  expect(find(".figloom-doubts", items()[0]!).textContent).toContain("nowhere");
});

test("counts words and shows how scores moved", () => {
  draw();
  expect(items()[0]!.textContent).toContain("6 words added, 0 removed");
  expect(items()[0]!.textContent).toContain("clip 0.25 → 0.5 (+0.25)");
  expect(items()[1]!.textContent).toContain("the same");
});

test("takes no difference between supports that rest on different evidence", () => {
  draw();
  expect(items()[0]!.textContent).toContain("support 0.25 | 0.5");
  expect(items()[0]!.textContent).not.toContain("support 0.25 | 0.5 (");
});

test("shows both texts side by side", () => {
  draw();
  button("Side by side").click();
  expect(texts(".figloom-text", items()[0]!)).toEqual([RAW, NEW]);
  expect(button("Side by side").getAttribute("aria-pressed")).toBe("true");
  button("Unified").click();
  expect(texts(".figloom-text", items()[0]!)).toHaveLength(1);
});

test("can leave out figures whose captions are the same", () => {
  draw();
  const only = find<HTMLInputElement>("input[type=checkbox]");
  only.click();
  expect(texts(".figloom-diff-head b")).toEqual(["Figure 3", "Figure 5"]);
  only.click();
  expect(items()).toHaveLength(3);
});

test("n and p go from change to change, in both layouts, and stop at the ends", () => {
  draw();
  find(".figloom-diff-list").focus();
  press("n");
  expect(texts(".figloom-current")).toEqual([" between 300 nm and 700 nm"]);
  press("n");
  expect(texts(".figloom-current")).toEqual(["Reflectance ", "A map "]);
  press("p");
  expect(texts(".figloom-current")).toEqual([" between 300 nm and 700 nm"]);
  press("p");
  expect(texts(".figloom-current")).toHaveLength(1);
  button("Side by side").click();
  press("n");
  expect(texts(".figloom-current")).toEqual(["Reflectance ", "A map "]);
});

test("opens the figure from its picture", () => {
  draw();
  find(".figloom-diff-picture", items()[2]!).click();
  expect(texts("[role=dialog] .figloom-lightbox-name")).toEqual(["Figure 5"]);
});

test("says what to do where no figure has both captions", () => {
  drawDiff(buildDiff({ title: "None", from: "raw", to: "x", cards: [card()] }), node, drawContext());
  expect(node.textContent).toContain("lab.recaption");
});
