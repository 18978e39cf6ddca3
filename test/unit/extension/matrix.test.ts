// @vitest-environment jsdom
import { drawContext, find, press, texts } from "./setup.js";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawMatrix } from "../../../extension/src/matrix/matrix.js";
import type { Redraw } from "../../../extension/src/common/context.js";
import { trialOf } from "../../../kernel-lib/src/lab/tune/open-trials.js";
import type { Prompt } from "../../../kernel-lib/src/captions/prompts/prompt.js";
import { makePrompt } from "../../../kernel-lib/src/captions/prompts/load.js";
import type { Lab } from "../../../kernel-lib/src/lab/lab.js";
import { tryPrompts } from "../../../kernel-lib/src/lab/tune/try-prompts.js";
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import { trialDesk } from "../../../kernel-lib/src/desks/trials/trials.js";
import type { MatrixView } from "../../../kernel-lib/src/views/matrix.js";
import type { TrialEvents, TrialMethods } from "../../../kernel-lib/src/views/trial-service.js";
import { inProcessLink, type InProcessLink } from "../../support/in-process-link.js";
import { FakeModel, pictured } from "../kernel-lib/lab/tune/bench.js";

const EVIL = `<img src=x onerror="globalThis.harmed=1"><script>globalThis.harmed=1</script>`;
const written = (name: string, words: string) =>
  makePrompt({ file: null, name, source: `Describe it.\n\n{{image}}\n\n{{caption}}\n${words}\n` });
const long = written("long", "and more words, 17 of them.");
const brief = written("terse", "Briefly.");
/** The model's answers hold what no prompt may: tags. */
const terse: Prompt = {
  ...brief,
  compose(...input) {
    const asked = brief.compose(...input);
    return { ...asked, user: `${asked.user} ${EVIL}` };
  },
};

let lab: Lab;
let view: MatrixView;
let node: HTMLElement;
let link: InProcessLink<TrialMethods, TrialEvents>;
let redraw: Redraw<MatrixView>;

beforeAll(async () => {
  lab = await pictured();
  const dataset = await Dataset.open(lab.path);
  const options = { sample: 6, seed: 7, repeats: 2 };
  let id = "";
  await tryPrompts(dataset, [long, terse], [new FakeModel()], options, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onOpen: (open) => (id = open.id),
  });
  view = trialOf(id)!.view();
}, 30_000);

function draw(of: MatrixView = view, connected = true) {
  node = document.createElement("div");
  document.body.replaceChildren(node);
  link = inProcessLink<TrialMethods, TrialEvents>((emit) => trialDesk(lab.path, emit));
  const context = drawContext();
  const connect = (connected ? () => link : context.connect) as typeof context.connect;
  redraw = drawMatrix(of, node, { ...context, connect });
  return context;
}

const rows = () => [...node.querySelectorAll<HTMLElement>("[data-figure]")];
const order = () => rows().map((row) => Number(row.dataset["figure"]));
const cell = (row: number, column: number) => find(`[data-column="${column}"]`, rows()[row]!);
function choose(control: HTMLInputElement | HTMLSelectElement, value: string | boolean) {
  if (typeof value === "boolean") (control as HTMLInputElement).checked = value;
  else control.value = value;
  control.dispatchEvent(
    new Event(control instanceof HTMLInputElement && typeof value === "string" ? "input" : "change"),
  );
}
const select = (i: number) => node.querySelectorAll("select")[i]!;
const checkbox = (i: number) => node.querySelectorAll<HTMLInputElement>("input[type=checkbox]")[i]!;

beforeEach(() => draw());

describe("figures and prompts", () => {
  test("stand in a grid with means on top, and nothing that a caption holds is read as markup", () => {
    expect(texts("[role=columnheader] b")).toEqual(["long", "terse"]);
    expect(rows()).toHaveLength(6);
    expect(texts(".figloom-measure [role=rowheader]")).toEqual(
      expect.arrayContaining(["answers", "words", "support", "tokens", "seconds"]),
    );
    expect(cell(0, 2).textContent).toContain("<script>");
    expect(node.querySelector("script, img[onerror]")).toBeNull();
    expect((globalThis as { harmed?: number }).harmed).toBeUndefined();
  });

  test("any column, or the raw caption, is what the others are compared with", () => {
    expect(cell(0, 1).querySelector("[data-change]")).toBeNull();
    expect(texts("ins", cell(0, 2)).join("")).toContain("Briefly");
    choose(select(0), "raw");
    expect(texts("ins", cell(0, 1)).join("")).toContain("more words");
    choose(select(0), "terse");
    expect(texts(".figloom-chip:not([hidden])", find(".figloom-matrix-top"))).toEqual(["baseline"]);
    expect(texts("del", cell(0, 1)).join("")).toContain("Briefly");
  });

  test("rows are sorted by what a column gains, up and down", () => {
    const size = (i: number) =>
      view.rows[i]!.replies[1]!.reduce((sum, r) => sum + (r.state === "answered" ? r.tokens! : 0), 0);
    choose(select(1), "1 tokens");
    const down = order().map(size);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    choose(select(2), "up");
    const up = order().map(size);
    expect(up).toEqual([...up].sort((a, b) => a - b));
    choose(select(1), "");
    expect(order()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("words filter the rows, and rows without a difference can be left out", () => {
    const { figure_id } = view.rows[2]!.card;
    choose(find<HTMLInputElement>("input[type=search]"), figure_id);
    expect(order()).toEqual([2]);
    choose(find<HTMLInputElement>("input[type=search]"), "no such words");
    expect(node.textContent).toContain("No figure here is left by the filters.");
    choose(find<HTMLInputElement>("input[type=search]"), "");
    const same = structuredClone(view);
    same.rows[0]!.replies[1] = structuredClone(same.rows[0]!.replies[0]!);
    same.rows[0]!.replies = same.rows[0]!.replies.map((cell) => cell.slice(0, 1));
    draw(same);
    choose(checkbox(0), true);
    expect(order()).toEqual([1, 2, 3, 4, 5]);
  });

  test("repetitions of one prompt stand in one cell, folded until they are wanted", () => {
    expect(cell(0, 1).querySelectorAll(".figloom-answer")).toHaveLength(1);
    find("[data-does=fold]", cell(0, 1)).click();
    expect(cell(0, 1).querySelectorAll(".figloom-answer")).toHaveLength(2);
    expect(texts(".figloom-ordinal", cell(0, 1))).toEqual(["1", "2"]);
    expect(cell(0, 2).querySelectorAll(".figloom-answer")).toHaveLength(1);
    choose(checkbox(1), true);
    expect(node.querySelectorAll(".figloom-answer")).toHaveLength(24);
  });
});

describe("the keyboard", () => {
  test("moves between cells, steps from change to change, and opens a figure with its captions in full", () => {
    cell(0, 1).focus();
    press("ArrowRight");
    expect(document.activeElement).toBe(cell(0, 2));
    press("ArrowDown");
    expect(document.activeElement).toBe(cell(1, 2));
    expect(node.querySelectorAll('[data-column][tabindex="0"]')).toHaveLength(1);
    press("n");
    expect(node.querySelectorAll(".figloom-current").length).toBeGreaterThan(0);
    expect(document.activeElement).toBe(cell(0, 2));
    const changes = new Set(
      [...cell(0, 2).querySelectorAll<HTMLElement>("[data-change]")].map((piece) => piece.dataset["change"]),
    );
    changes.forEach(() => press("n"));
    expect(document.activeElement).toBe(cell(1, 2));
    press("p");
    expect(document.activeElement).toBe(cell(0, 2));
    press("Enter");
    const dialog = find<HTMLDialogElement>("dialog");
    expect(texts("h3", dialog)).toEqual(["Raw caption", "long", "terse"]);
    expect(dialog.querySelectorAll(".figloom-answer")).toHaveLength(4);
    press("ArrowRight");
    press("Escape");
    expect(document.querySelector("dialog")).toBeNull();
    expect(document.activeElement).toBe(cell(1, 2));
  });
});

describe("keeping and rejecting", () => {
  test("a verdict is written to the dataset, counted, there after a reload, and taken back by the same key", async () => {
    cell(1, 2).focus();
    press("x");
    await vi.waitFor(() => expect(texts(".figloom-counts")).toEqual(["", "kept 0, rejected 1"]));
    cell(2, 1).focus();
    press("k");
    await vi.waitFor(() => expect(texts(".figloom-counts")[0]).toBe("kept 1, rejected 0"));
    draw();
    await vi.waitFor(() =>
      expect(texts(".figloom-counts")).toEqual(["kept 1, rejected 0", "kept 0, rejected 1"]),
    );
    expect(cell(1, 2).classList.contains("figloom-rejected")).toBe(true);
    find("[data-does=rejected]", cell(1, 2)).click();
    await vi.waitFor(() => expect(texts(".figloom-counts")[1]).toBe(""));
    const lines = (await readFile(join(lab.path, "prompts", "verdicts.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { verdict: string | null }).verdict)).toEqual([
      "rejected",
      "kept",
      null,
    ]);
  });

  test("without a kernel it says so, and still compares", async () => {
    draw(view, false);
    expect(node.textContent).toContain("No kernel answers");
    cell(0, 1).focus();
    press("k");
    await vi.waitFor(() => expect(node.textContent).toContain("Not written: There is no kernel"));
    expect(cell(0, 1).classList.contains("figloom-kept")).toBe(false);
    choose(select(0), "raw");
    expect(texts("ins", cell(0, 1)).join("")).toContain("more words");
  });

  test("a prompt is kept as a file, under the next number where another one has its name", async () => {
    const folder = await mkdtemp(join(tmpdir(), "figloom-test-"));
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    await mkdir(join(folder, "prompts"));
    await writeFile(join(folder, "prompts", "long.md"), "{{image}}\nSomething else.");
    find(".figloom-keep").click();
    await vi.waitFor(() =>
      expect(node.textContent).toContain("kept in prompts/long-2.md, with this trial on record"),
    );
    expect(await readFile(join(folder, "prompts", "long-2.md"), "utf8")).toMatch(/^trial:$/m);
    vi.restoreAllMocks();
  });
});

describe("while answers come", () => {
  test("only the cells that changed are drawn anew, and the focus stays", () => {
    const cells = [cell(0, 1), cell(3, 2)];
    const before = cells.map((one) => one.firstChild);
    cells[0]!.focus();
    const next = structuredClone(view);
    next.rows[3]!.replies[1]![0] = { state: "asking", text: "Half a sen" };
    redraw(next);
    expect(cell(0, 1).firstChild).toBe(before[0]);
    expect(cell(3, 2).firstChild).not.toBe(before[1]);
    expect(cell(3, 2).textContent).toContain("Half a sen");
    expect(document.activeElement).toBe(cells[0]);
  });

  test("another trial in the same output is drawn from the beginning", () => {
    redraw({ ...structuredClone(view), trial: "other", rows: view.rows.slice(0, 2) });
    expect(rows()).toHaveLength(2);
  });

  test("figures that the output has no room for come from the kernel", async () => {
    draw({ ...view, rows: view.rows.slice(0, 2) });
    await vi.waitFor(() => expect(rows()).toHaveLength(6));
  });

  test("a trial that the kernel has forgotten is shown as far as it came", async () => {
    const cut = structuredClone({ ...view, trial: "forgotten", running: true });
    cut.rows[0]!.replies[0]![0] = { state: "waiting" };
    draw(cut);
    await vi.waitFor(() => expect(node.textContent).toContain("does not know the trial any more"));
  });
});
