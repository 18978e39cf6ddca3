// @vitest-environment jsdom
import { drawContext, find, texts } from "./setup.js";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { DATASET_VIEWS } from "../../../extension/src/dataset/views.js";
import { synthesize } from "../../support/synthetic/dataset.js";
import { lookAt } from "../kernel-lib/service/samples.js";

const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });
let folder: string;
let node: HTMLElement;
let context: ReturnType<typeof drawContext>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-dataset-views-"));
  await synthesize(folder, { figures: 12 });
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  node = document.createElement("div");
  document.body.replaceChildren(node);
  context = drawContext({ [folder]: lookAt(folder) });
});
afterEach(() => context.abort());

function draw(id: string): void {
  const view = DATASET_VIEWS.find((one) => one.id === id)!;
  void view.draw({ folder, name: "first" }, node, context);
}
function choose(label: string, value: string): void {
  const list = find<HTMLSelectElement>(`select[aria-label="${label}"]`);
  list.value = value;
  list.dispatchEvent(new Event("change"));
}

test("a histogram of what can be measured, and of another column when it is chosen", async () => {
  draw("histogram");
  await soon(() => expect(texts(".figloom-title")).toEqual(["length (characters)"]));
  choose("Values", "figure.width");
  await soon(() => expect(texts(".figloom-title")).toEqual(["width (pixels)"]));
  expect(node.querySelectorAll(".figloom-chosen [role=status]").length).toBeGreaterThan(0);
});

test("a map by two columns", async () => {
  draw("map");
  await soon(() => expect(texts(".figloom-title")).toEqual(["height (pixels) over width (pixels)"]));
  choose("Up", "length.raw");
  await soon(() => expect(texts(".figloom-title")[0]).toMatch(/^characters of raw captions.* over width/));
});

test("captions compared, or how to make some", async () => {
  draw("diff");
  await soon(() => expect(node.textContent).toMatch(/lab\.recaption\(\)|→/));
});

test("what cannot be drawn is said in its place, and a kernel that is gone too", async () => {
  draw("map");
  await soon(() => expect(texts(".figloom-title")).toHaveLength(1));
  find<HTMLSelectElement>("select[aria-label=Up]").append(new Option("junk", "figure.junk"));
  choose("Up", "figure.junk");
  await soon(() => expect(find("[role=alert]").textContent).toContain("junk"));
  context = drawContext();
  draw("histogram");
  await soon(() => expect(texts("[role=status]")).toEqual(["There is no kernel here that could answer."]));
});
