// @vitest-environment jsdom
import { drawContext, find, press, texts } from "./setup.js";
import { beforeEach, expect, test, vi } from "vitest";
import { drawDiff } from "../../../extension/src/diff/diff.js";
import { EVERYTHING } from "../../../kernel-lib/src/views/query.js";
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
  drawDiff(buildDiff({ title: "Captions", captions: ["raw", "extractive"], cards }), node, drawContext());
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

test("can leave out figures whose captions are the same", async () => {
  draw();
  const only = find<HTMLInputElement>("input[type=checkbox]");
  only.click();
  await vi.waitFor(() => expect(texts(".figloom-diff-head b")).toEqual(["Figure 3", "Figure 5"]));
  only.click();
  await vi.waitFor(() => expect(items()).toHaveLength(3));
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
  drawDiff(buildDiff({ title: "None", captions: ["raw", "x"], cards: [card()] }), node, drawContext());
  expect(node.textContent).toContain("lab.recaption");
});

test("sets several captions beside the first, each with its own changes", () => {
  const three = card({}, { recaptions: [recaption(NEW), recaption("Five sites.", "terse")] });
  drawDiff(
    buildDiff({ title: "Three", captions: ["raw", "extractive", "terse"], cards: [three] }),
    node,
    drawContext(),
  );
  expect(texts(".figloom-diff-text > .figloom-soft")).toEqual(["extractive", "terse"]);
  button("Side by side").click();
  expect(texts(".figloom-diff-text > .figloom-soft")).toEqual(["raw", "extractive", "terse"]);
  expect(texts(".figloom-text")).toEqual([RAW, NEW, "Five sites."]);
});

test("compares by sentence, and says which were moved", () => {
  const cards = [
    card(
      { caption: "A map of sites. Rain fell." },
      { recaptions: [recaption("Rain fell. A map of sites.")] },
    ),
  ];
  drawDiff(buildDiff({ title: "By sentence", captions: ["raw", "extractive"], cards }), node, drawContext());
  button("Sentences").click();
  expect(
    [...document.querySelectorAll<HTMLElement>(".figloom-moved")].map(({ title }) => title).toSorted(),
  ).toEqual(["Moved elsewhere", "Moved here"]);
});

test("e goes to the next unsupported claim and says what is wrong with it", () => {
  draw();
  find(".figloom-diff-list").focus();
  press("e");
  expect(document.activeElement!.className).toBe("figloom-doubt");
  expect(find(".figloom-said [role=status]").textContent).toBe("“700 nm”: Unsupported: nowhere");
});

test("says how many of how many there are without a kernel", () => {
  const view = buildDiff({ title: "Part", captions: ["raw", "extractive"], cards: [card()], total: 9 });
  drawDiff({ ...view, live: { dataset: "/d", query: EVERYTHING } }, node, drawContext());
  expect(node.textContent).toContain("showing 1 of 9 figures");
  expect(find(".figloom-state").textContent).toContain("No kernel");
});

test("text of a paper stays text", () => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  const cards = [card({ caption: evil }, { recaptions: [recaption(`${evil} more`)] })];
  drawDiff(buildDiff({ title: evil, captions: ["raw", "extractive"], cards }), node, drawContext());
  expect(node.querySelector("script, img[onerror]")).toBe(null);
  expect(node.textContent).toContain(evil);
});
