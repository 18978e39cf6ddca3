// @vitest-environment jsdom
import { drawContext, find, press, texts } from "./setup.js";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { drawDiff } from "../../../extension/src/diff/diff.js";
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import { buildDiff } from "../../../kernel-lib/src/views/diff.js";
import { allOf, havingCaptions } from "../../../kernel-lib/src/views/diff-query.js";
import { EVERYTHING } from "../../../kernel-lib/src/views/query.js";
import { sampleEntry, sampleRecaption } from "../kernel-lib/dataset/samples.js";
import { lookAt, writeScores } from "../kernel-lib/service/samples.js";

const CAPTIONS = ["raw", "extractive"];
const id = (number: number) => `p1#fig${number}`;
let folder: string;
let node: HTMLElement;
let context: ReturnType<typeof drawContext>;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "figloom-diff-")), "d");
  const dataset = await Dataset.openOrCreate(folder);
  await dataset.write({ stage: "ingest", stage_version: 1 }, ({ append }) => append(sampleEntry("p1", 40)));
  await dataset.write({ stage: "recaption", stage_version: 1, shelf: "extractive" }, async ({ append }) => {
    for (let i = 1; i <= 39; i++) {
      const text = i === 7 ? "Caption 7." : `A new caption of ${i}.`;
      await append({ key: `r${i}`, recaption: sampleRecaption(id(i), { text }) });
    }
  });
  await writeScores(folder, "clip", { [id(3)]: 0.9, [id(5)]: 0.2 });
  await writeScores(folder, "clip", { [id(3)]: 0.1, [id(5)]: 0.8 }, "extractive");
  node = document.createElement("div");
  document.body.replaceChildren(node);
});
afterEach(async () => {
  context.abort();
  await rm(join(folder, ".."), { recursive: true, force: true });
});

function draw() {
  const link = lookAt(folder);
  context = drawContext({ [folder]: link });
  const query = { ...EVERYTHING, where: allOf(havingCaptions(CAPTIONS)) };
  drawDiff(
    buildDiff({ title: "Live", captions: CAPTIONS, cards: [], total: 39, live: { dataset: folder, query } }),
    node,
    context,
  );
  return link;
}
const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });
const names = () => texts(".figloom-diff-head b");
const ready = () => soon(() => expect(names()[0]).toBe("Figure 1"));

test("goes through all figures that have the captions, and to any of them", async () => {
  draw();
  await ready();
  expect(node.textContent).toContain("39 figures");
  const row = find<HTMLInputElement>(".figloom-diff-row");
  row.value = "38";
  row.dispatchEvent(new Event("change"));
  await soon(() => expect(find(".figloom-at .figloom-diff-head b").textContent).toBe("Figure 38"));
  find(".figloom-diff-list").focus();
  press("j");
  await soon(() => expect(find(".figloom-at .figloom-diff-head b").textContent).toBe("Figure 39"));
  press("j");
  press("k");
  await soon(() => expect(find(".figloom-at .figloom-diff-head b").textContent).toBe("Figure 38"));
});

test("shows only what differs, and sorts by gain and loss", async () => {
  draw();
  await ready();
  find<HTMLInputElement>("input[type=checkbox]").click();
  await soon(() => expect(node.textContent).toContain("38 of 39 figures"));
  expect(names()).not.toContain("Figure 7");
  const sort = find<HTMLSelectElement>(".figloom-diff-sort");
  await soon(() => expect(sort.hidden).toBe(false));
  const choose = (label: string) => {
    sort.value = [...sort.options].find((option) => option.textContent === label)!.value;
    sort.dispatchEvent(new Event("change"));
  };
  choose("Most gain of clip first");
  await soon(() => expect(names()[0]).toBe("Figure 5"));
  choose("Most loss of clip first");
  await soon(() => expect(names()[0]).toBe("Figure 3"));
});

test("follows the selection of the other views", async () => {
  const link = draw();
  await ready();
  const clause = { kind: "figures", figure_ids: [id(4), id(40), id(9)] } as const;
  await link.ask("select", {
    source: "map",
    label: "some",
    clause: { ...clause, figure_ids: [...clause.figure_ids] },
  });
  await soon(() => expect(names()).toEqual(["Figure 4", "Figure 9"]));
  expect(node.textContent).toContain("2 of 39 figures");
  await link.ask("clearSelection", {});
  await ready();
});

test("accepts and rejects with keys, and takes it back with the same key", async () => {
  const link = draw();
  await ready();
  find(".figloom-diff-list").focus();
  const pressed = (which: string) => find(`.figloom-at .figloom-diff-${which}`).getAttribute("aria-pressed");
  press("r");
  await soon(() => expect(pressed("rejected")).toBe("true"));
  expect(
    (await link.ask("rows", { query: { ...EVERYTHING, where: "verdict = 'rejected'" }, source: "x" })).total,
  ).toBe(1);
  press("a");
  await soon(() => expect(pressed("accepted")).toBe("true"));
  press("a");
  await soon(() => expect(pressed("accepted")).toBe("false"));
});
