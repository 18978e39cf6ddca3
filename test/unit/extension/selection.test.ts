// @vitest-environment jsdom
import { find, texts } from "./setup.js";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { copyText } from "../../../extension/src/common/copy.js";
import { SelectionLine } from "../../../extension/src/selection/line.js";
import { ViewSelection, type SelectionListener } from "../../../extension/src/selection/view-selection.js";
import type { DatasetEvents, DatasetMethods } from "../../../kernel-lib/src/views/dataset-service.js";
import type { Clause } from "../../../kernel-lib/src/views/query.js";
import { DatasetService } from "../../../kernel-lib/src/service/dataset-service.js";
import { inProcessLink, type InProcessLink } from "../../support/in-process-link.js";
import { synthesize } from "../../support/synthetic/dataset.js";

const WIDE: Clause = { kind: "range", column: "figure.width", from: 300, to: 900 };
let folder: string;
let link: InProcessLink<DatasetMethods, DatasetEvents>;
let views: AbortController[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-selection-"));
  await synthesize(folder, { figures: 12 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  views = [];
  link = inProcessLink((emit) => DatasetService.of(folder).desk(emit));
});
afterEach(async () => {
  link.become("live");
  await link.ask("clearSelection", {});
  views.forEach((view) => view.abort());
});

function open(listener: SelectionListener = {}, line = link): ViewSelection {
  const life = new AbortController();
  views.push(life);
  return new ViewSelection(line, life.signal, listener);
}
const labels = (view: ViewSelection) => view.parts.map(({ label }) => label);

test("a view hears what the others select, and is not narrowed by its own part", async () => {
  const narrowed = { map: vi.fn(), histogram: vi.fn() };
  const [map, histogram] = [open({ narrowed: narrowed.map }), open({ narrowed: narrowed.histogram })];
  await histogram.select("wide", WIDE);
  await vi.waitFor(() => expect(labels(map)).toEqual(["wide"]));
  expect(map.others).toHaveLength(1);
  expect(histogram.others).toEqual([]);
  expect(narrowed.map).toHaveBeenCalledTimes(1);
  expect(narrowed.histogram).not.toHaveBeenCalled();
});

test("of what is selected in quick succession the last is what stays", async () => {
  const view = open();
  const ends = Array.from({ length: 20 }, (_, i) => view.select(`${i}`, { ...WIDE, from: 300 + i }));
  await Promise.all(ends);
  expect((await link.ask("selection", {})).map(({ label }) => label)).toEqual(["19"]);
  expect(link.asked.filter((method) => method === "select").length).toBeLessThan(5);
});

test("a view is told when its part is taken away elsewhere", async () => {
  const lost = vi.fn();
  const [histogram, map] = [open({ lost }), open()];
  await histogram.select("wide", WIDE);
  await vi.waitFor(() => expect(map.parts).toHaveLength(1));
  await map.remove(map.parts[0]!);
  await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1));
});

test("a part that a new kernel does not know is lost", async () => {
  const lost = vi.fn();
  // A kernel that ends says nothing about it.
  const deaf = Object.create(link, { on: { value: () => () => undefined } }) as typeof link;
  const view = open({ lost }, deaf);
  await view.select("wide", WIDE);
  link.become("gone");
  link.become("connecting");
  await link.ask("clearSelection", {});
  expect(lost).not.toHaveBeenCalled();
  link.become("live");
  await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1));
});

test("a view that is taken away takes its part with it", async () => {
  const histogram = open();
  const map = open();
  await histogram.select("wide", WIDE);
  await vi.waitFor(() => expect(map.parts).toHaveLength(1));
  views[0]!.abort();
  await vi.waitFor(() => expect(map.parts).toEqual([]));
});

test("the line names each part with a way out of it, and one out of all", async () => {
  const line = new SelectionLine(() => undefined);
  const view: ViewSelection = open({ changed: () => line.draw(view) });
  const other = open();
  document.body.replaceChildren(line.element);
  await vi.waitFor(() => expect(line.element.textContent).toBe("Selection: none"));
  await other.select("wide", WIDE);
  await view.select("high", { ...WIDE, column: "figure.height" });
  await vi.waitFor(() => expect(texts(".figloom-linked .figloom-filter-text")).toEqual(["wide", "high"]));
  expect(texts(".figloom-own .figloom-filter-text")).toEqual(["high"]);
  find("button[aria-label='Remove wide']").click();
  await vi.waitFor(() => expect(texts(".figloom-linked .figloom-filter-text")).toEqual(["high"]));
  link.become("gone");
  expect(texts("button")).toEqual([]);
  link.become("live");
  await vi.waitFor(() => expect(texts("button")).toContain("Clear all"));
  find(".figloom-link").focus();
  find(".figloom-link").click();
  await vi.waitFor(() => expect(line.element.textContent).toBe("Selection: none"));
  expect(document.activeElement).toBe(line.element);
  link.become("gone");
  expect(line.element.hidden).toBe(true);
});

test("text is copied the older way on pages that are not secure, and where nothing helps it is said", async () => {
  await expect(copyText("some code")).rejects.toThrow("https");
  let copied: string | undefined;
  document.execCommand = () => {
    const event = new Event("copy", { cancelable: true });
    Object.assign(event, { clipboardData: { setData: (_: string, text: string) => (copied = text) } });
    return !document.body.dispatchEvent(event);
  };
  await copyText("some code");
  expect(copied).toBe("some code");
});
