// @vitest-environment jsdom
import { find, press, texts } from "./setup.js";
import type { Contents } from "@jupyterlab/services";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { noLink } from "../../../extension/src/common/no-link.js";
import { DatasetBrowser } from "../../../extension/src/dataset/browser.js";
import type { DatasetActions } from "../../../extension/src/dataset/entry.js";
import { bytesText } from "../../../extension/src/dataset/facts.js";
import { LIMITS, scanDatasets, tableBytes, type DatasetEntry } from "../../../extension/src/dataset/scan.js";
import type { DatasetMethods } from "../../../kernel-lib/src/views/dataset-service.js";
import { inProcessLink } from "../../support/in-process-link.js";

/** Files by path: texts, or what has no text to read by its size. */
type Tree = Record<string, string | number>;

/** JupyterLab's view of a folder of files. */
function contentsOf(tree: Tree): Pick<Contents.IManager, "get"> & { asked: string[] } {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    if (path in tree) return { content: tree[path] };
    const below = Object.keys(tree).filter((file) => path === "" || file.startsWith(`${path}/`));
    if (below.length === 0) throw new Error("404");
    const rest = below.map((file) => file.slice(path === "" ? 0 : path.length + 1).split("/"));
    const names = [...new Set(rest.map(([name]) => name!))];
    const content = names.map((name) => {
      const inside = path === "" ? name : `${path}/${name}`;
      const file = tree[inside];
      const size = typeof file === "number" ? file : file?.length;
      return { name, path: inside, size, type: file === undefined ? "directory" : "file" };
    });
    return { content };
  };
  return { get: get as unknown as Contents.IManager["get"], asked };
}

const manifest = (name: string) =>
  JSON.stringify({ name, schema_version: 1, figloom_version: "0.1.0", created: "2026-01-02T03:04:05Z" });
const run = (name: string, stage: string, shelf: string | null, more: object = {}) =>
  JSON.stringify({ run: name, stage, shelf, started: "2026-01-02T03:04:05Z", sealed: "later", ...more });
const WORKSPACE: Tree = {
  "notes.md": "",
  "data/stars/dataset.json": manifest("stars"),
  "data/stars/runs/000001-ingest/run.json": run("000001-ingest", "ingest", null, {
    files: { figures: "figures/000001-ingest.parquet", odd: "../../secret" },
  }),
  "data/stars/runs/000002-recaption/run.json": run("000002-recaption", "recaption", "extractive"),
  "data/stars/runs/000003-score/run.json": run("000003-score", "score", "support", { sealed: null }),
  "data/stars/runs/000004-score/run.json": "{ torn",
  "data/stars/figures/000001-ingest.parquet": 1234,
  "data/stars/figures/old.parquet": 99,
  "data/stars/images/deep/dataset.json": manifest("inside"),
  "data/cells/dataset.json": manifest("<b>cells</b>"),
  "web/dataset.json": `{ "rows": [] }`,
  "web/huge/dataset.json": LIMITS.manifestBytes,
  ".hidden/dataset.json": manifest("hidden"),
  "node_modules/x/dataset.json": manifest("package"),
};
const scan = (tree: Tree) => scanDatasets(contentsOf(tree), new AbortController().signal);

describe("the scan", () => {
  test("finds figloom's datasets with their runs, and nothing else that is called so", async () => {
    const { datasets, cut } = await scan(WORKSPACE);
    expect(cut).toBe(false);
    expect(datasets.map(({ folder, name }) => [folder, name])).toEqual([
      ["data/cells", "<b>cells</b>"],
      ["data/stars", "stars"],
    ]);
    expect(datasets[1]!.runs.map(({ stage, shelf, sealed }) => [stage, shelf, sealed])).toEqual([
      ["ingest", null, "later"],
      ["recaption", "extractive", "later"],
      ["score", "support", null],
    ]);
  });

  test("finds a dataset that is the workspace itself", async () => {
    const { datasets } = await scan({ "dataset.json": manifest("here") });
    expect(datasets.map(({ folder }) => folder)).toEqual([""]);
  });

  test("looks at none of the pictures, and stops at its limits", async () => {
    const contents = contentsOf(WORKSPACE);
    await scanDatasets(contents, new AbortController().signal);
    expect(contents.asked.filter((path) => /images|\.hidden|node_modules|huge\/dataset/.test(path))).toEqual(
      [],
    );
    const many = Object.fromEntries(
      Array.from({ length: LIMITS.folders + 5 }, (_, i) => [`f${i}/notes.md`, ""]),
    );
    expect((await scan(many)).cut).toBe(true);
    expect((await scan({ "a/b/c/d/e/f/g/h/dataset.json": manifest("deep") })).cut).toBe(true);
  });

  test("adds up the tables' files that its runs name, inside the dataset only", async () => {
    const { datasets } = await scan(WORKSPACE);
    expect(await tableBytes(contentsOf(WORKSPACE), datasets[1]!)).toBe(1234);
    expect([0, 12, 1234, 56_700_000].map(bytesText)).toEqual(["0 B", "12 B", "1.2 kB", "57 MB"]);
  });
});

describe("the list", () => {
  let node: HTMLElement;
  let ended: AbortController;
  const names = () => texts(".figloom-dataset-name b");

  beforeEach(() => {
    node = document.createElement("div");
    document.body.replaceChildren(node);
    ended = new AbortController();
  });
  afterEach(() => ended.abort());

  async function list(tree: Tree = WORKSPACE, more: Partial<DatasetActions> = {}) {
    const contents = contentsOf(tree);
    const done: string[] = [];
    const note = (what: string) => (entry: DatasetEntry) => void done.push(`${what} ${entry.folder}`);
    const browser = new DatasetBrowser(node, {
      scan: (signal) => scanDatasets(contents, signal),
      start: () => done.push("start"),
      open: note("open"),
      newNotebook: note("notebook"),
      copyPath: note("copy"),
      reveal: note("reveal"),
      bytes: (entry) => tableBytes(contents, entry),
      ask: noLink,
      signal: ended.signal,
      ...more,
    });
    await browser.refresh();
    return { browser, done };
  }
  const unfold = (at: number) => document.querySelectorAll<HTMLElement>(".figloom-fold")[at]!.click();
  const type = (text: string) => {
    const filter = find<HTMLInputElement>("input[type=search]");
    filter.value = text;
    filter.dispatchEvent(new Event("input"));
  };

  test("shows names as text, with place, runs, captions and metrics", async () => {
    await list();
    expect(names()).toEqual(["<b>cells</b>", "stars"]);
    expect(texts(".figloom-dataset-name")[1]).toContain("data/stars3 runs · extractive · support");
    expect(texts("[role=status]")[0]).toBe("2 datasets");
  });

  test("unfolds what is known, and does what its buttons say", async () => {
    const { done } = await list();
    unfold(1);
    await vi.waitUntil(() => find(".figloom-facts").textContent!.includes("1.2 kB"));
    expect(find(".figloom-facts").textContent).toContain("version 1, by figloom 0.1.0");
    expect(texts(".figloom-dataset-runs .figloom-chip")).toEqual(["not finished", "done", "done"]);
    for (const action of document.querySelectorAll<HTMLElement>(".figloom-dataset-actions button"))
      action.click();
    find("[data-folder='data/stars'] .figloom-dataset-name").click();
    expect(done).toEqual(["notebook", "copy", "reveal", "open"].map((what) => `${what} data/stars`));
    unfold(1);
    expect(find("[data-folder='data/stars'] .figloom-dataset-details").hidden).toBe(true);
  });

  test("counts figures at once where a kernel answers, otherwise when asked to", async () => {
    const about = { figures: 1500, tables: 1, papers: 9 };
    const link = inProcessLink<DatasetMethods, object>(() => ({
      handlers: { about: () => about } as never,
    }));
    link.become("connecting");
    await list(WORKSPACE, { ask: () => link as never });
    unfold(1);
    expect(link.asked).toEqual([]);
    link.become("live");
    await vi.waitUntil(() => texts(".figloom-dataset-counts")[0] !== "Counting…");
    expect(texts(".figloom-dataset-counts")).toEqual(["1,500 figures and 1 table of 9 papers"]);
    unfold(0);
    await vi.waitUntil(() => link.asked.length === 2);
  });

  test("says why a kernel cannot count", async () => {
    await list();
    unfold(0);
    find(".figloom-dataset-counts button").click();
    await vi.waitUntil(() => texts(".figloom-dataset-counts")[0]!.includes("no kernel"));
  });

  test("is filtered by words, and looks again keeping what is unfolded", async () => {
    const { browser } = await list();
    unfold(1);
    type("support STARS");
    expect(names()).toEqual(["stars"]);
    expect(texts("[role=status]")[0]).toBe("1 of 2 datasets");
    type("comets");
    expect(texts("[role=status]")[0]).toMatch(/No dataset here/);
    type("");
    await browser.refresh();
    expect(find("[data-folder='data/stars'] .figloom-fold").getAttribute("aria-expanded")).toBe("false");
    unfold(1);
    await browser.refresh();
    expect(find("[data-folder='data/stars'] .figloom-fold").getAttribute("aria-expanded")).toBe("true");
  });

  test("is gone through by keys", async () => {
    await list();
    find("input").focus();
    press("ArrowDown");
    press("ArrowDown");
    const here = () => document.activeElement!.querySelector("b")?.textContent;
    expect(here()).toBe("stars");
    press("ArrowRight");
    expect(find("[data-folder='data/stars'] .figloom-dataset-details").hidden).toBe(false);
    press("ArrowLeft");
    expect(find("[data-folder='data/stars'] .figloom-dataset-details").hidden).toBe(true);
    press("Home");
    expect(here()).toBe("<b>cells</b>");
    press("ArrowUp");
    expect(document.activeElement).toBe(find("input"));
  });

  test("explains how to make a dataset where there is none", async () => {
    const { done } = await list({ "notes.md": "" });
    expect(find(".figloom-note").textContent).toMatch(/no dataset.*lab\.ingest.*figloom ingest/s);
    find(".figloom-note button").click();
    expect(done).toEqual(["start"]);
  });
});
