import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { MockServer } from "../../../../cluster/src/mock-server/index.js";
import { loadPrompt, shippedPrompts } from "../../../../kernel-lib/src/captions/prompts/load.js";
import { openLab } from "../../../../kernel-lib/src/lab/lab.js";
import { readRuns } from "../../../../kernel-lib/src/work/events-file.js";
import { promptLabDesk } from "../../../../kernel-lib/src/desks/prompt-lab/prompt-lab.js";
import { trialDesk } from "../../../../kernel-lib/src/desks/trials/trials.js";
import type {
  PromptLabEvents,
  PromptLabMethods,
  TrialSetting,
} from "../../../../kernel-lib/src/views/prompt-lab.js";
import type { TrialEvents, TrialMethods } from "../../../../kernel-lib/src/views/trial-service.js";
import { synthesize, type SyntheticFigure } from "../../../support/synthetic/dataset.js";
import { inProcessLink, type InProcessLink } from "../../../support/in-process-link.js";

const MINE =
  "Say it all.\n\n{{image}}\n\n{{#caption}}\n{{caption}}\n{{/caption}}\n{{#contexts}}\n{{text}}\n{{/contexts}}\n";

let home: string;
let server: MockServer;
let figures: SyntheticFigure[];
let link: InProcessLink<PromptLabMethods, PromptLabEvents>;
const setting = (over: Partial<TrialSetting["pick"]> = {}): TrialSetting => ({
  dataset: "data/d",
  pick: { sample: 3, seed: 7, where: null, among: null, ...over },
  way: { endpoint: null, model: null, temperature: null, repeats: 1 },
});

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "figloom-test-"));
  server = await MockServer.start({ speed: 20 });
  vi.stubEnv("FIGLOOM_ENDPOINTS", server.url);
  figures = await synthesize(join(home, "data", "d"), { figures: 12, contexts: () => 8 });
  await mkdir(join(home, "prompts"));
  await writeFile(join(home, "prompts", "mine.md"), MINE);
  await writeFile(join(home, "README.md"), "No prompt.");
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});
beforeEach(() => {
  link = inProcessLink<PromptLabMethods, PromptLabEvents>((emit) => promptLabDesk(home, emit));
});

/** Questions about figures so far. */
const questions = () =>
  Object.entries(server.report().ids).reduce(
    (sum, [id, { asked }]) => sum + (id.includes("#") ? asked : 0),
    0,
  );

/** Waits for the end of the next trial. */
const ended = () => new Promise<PromptLabEvents["ended"]>((resolve) => link.on("ended", resolve));

describe("a workspace", () => {
  test("has its datasets, its prompts and the shipped ones", async () => {
    expect(await link.ask("datasets", {})).toEqual(["data/d"]);
    const prompts = await link.ask("prompts", {});
    expect(prompts.filter(({ shipped }) => !shipped)).toEqual([{ name: "prompts/mine.md", shipped: false }]);
    expect(prompts.filter(({ shipped }) => shipped).map(({ name }) => name)).toEqual(await shippedPrompts());
    expect(await link.ask("read", { name: "prompts/mine.md" })).toEqual({
      name: "prompts/mine.md",
      source: MINE,
    });
    expect((await link.ask("read", { name: "terse" })).source).toBe((await loadPrompt("terse")).source);
  });

  test("gives nothing that is no prompt, or lies elsewhere", async () => {
    for (const name of ["README.md", "../secret.md", "/etc/passwd", "data/d/dataset.json"])
      await expect(link.ask("read", { name })).rejects.toMatchObject({ kind: "configuration" });
  });
});

describe("a text that is edited", () => {
  test("is checked, and what is wrong is said with its line", async () => {
    const check = (source: string) => link.ask("check", { name: "prompts/mine.md", source });
    expect(await check(MINE)).toMatchObject({ problem: null, id: "mine" });
    const wrong = await check(MINE.replace("{{text}}", "{{txet}}"));
    expect(wrong).toMatchObject({ id: null, problem: { line: 9 } });
    expect(wrong.problem!.message).toContain("txet");
    expect((await check("---\ntemprature: 1\n---\n{{image}}")).problem).toMatchObject({ line: 2 });
  });

  test("has words to complete it with", async () => {
    const { fields, settings, sampling } = await link.ask("vocabulary", {});
    expect(fields.find(({ name }) => name === "caption")).toMatchObject({ about: "the raw caption" });
    expect(fields.find(({ name }) => name === "contexts")!.fields!.map(({ name }) => name)).toEqual([
      "text",
      "section",
    ]);
    expect(settings.map(({ name }) => name)).toContain("context_tokens");
    expect(sampling.map(({ name }) => name)).toContain("temperature");
  });

  test("is filled in for a figure, within its budget", async () => {
    const { dataset, pick } = setting();
    const [figure] = await link.ask("figures", { dataset, pick });
    const preview = (source: string) =>
      link.ask("preview", {
        dataset,
        figure_id: figure!.figure_id,
        prompt: { name: "prompts/mine.md", source },
      });
    const whole = await preview(MINE);
    expect(whole).toMatchObject({ kept: 1, budget: 3000, answer: 512 });
    expect(whole.system).toContain("Say it all.");
    const short = await preview(`---\ncontext_tokens: 200\n---\n${MINE}`);
    expect(short.kept).toBeLessThan(1);
    expect(short.tokens).toBeLessThan(whole.tokens);
  });
});

describe("figures", () => {
  test("are drawn by the seed, from the whole dataset, by a condition, or among those of a selection", async () => {
    const ids = async (over: Partial<TrialSetting["pick"]>) =>
      (await link.ask("figures", { dataset: "data/d", pick: setting(over).pick })).map(
        ({ figure_id }) => figure_id,
      );
    const all = await ids({ sample: 500 });
    expect(await ids({})).toEqual(all.slice(0, 3));
    expect(await ids({ sample: 500, where: `figure_id = '${figures[5]!.figure_id}'` })).toEqual([
      figures[5]!.figure_id,
    ]);
    const among = all.slice(2, 9);
    const drawn = await ids({ among });
    expect(drawn).toHaveLength(3);
    expect(drawn.every((id) => among.includes(id))).toBe(true);
    expect(await ids({ among })).toEqual(drawn);
    await expect(ids({ among: [] })).rejects.toThrow(/selection has no figure/);
    await expect(ids({ where: "no such column" })).rejects.toMatchObject({ kind: "configuration" });
  });
});

describe("a trial", () => {
  test("fills while it is followed, is kept as a version, and its cell asks nothing new", async () => {
    const edited = MINE.replace("all.", "all, briefly.");
    const mine = { name: "prompts/mine.md", source: edited };
    const end = ended();
    const view = await link.ask("run", { ...setting(), prompts: [{ ...mine, source: MINE }, mine] });
    expect(view).toMatchObject({ running: true, total: 3 });
    const trials = inProcessLink<TrialMethods, TrialEvents>((emit) =>
      trialDesk(join(home, "data", "d"), emit),
    );
    const heard: TrialEvents["replies"][] = [];
    trials.on("replies", (replies) => heard.push(replies));
    await trials.ask("follow", { trial: view.trial! });
    expect(await end).toEqual({ trial: view.trial, problem: null });
    await vi.waitFor(() => expect(heard.at(-1)?.running).toBe(false));
    const answered = heard
      .flatMap(({ changes }) => changes)
      .filter(({ reply }) => reply.state === "answered");
    expect(answered.length).toBeGreaterThan(0);
    const done = await trials.ask("follow", { trial: view.trial! });
    expect(done.columns.map(({ answers }) => answers)).toEqual([3, 3]);
    const [run] = await readRuns(join(home, "data", "d"));
    expect(run).toMatchObject({ verb: "tune", title: "try mine, mine", status: "finished" });

    vi.spyOn(process, "cwd").mockReturnValue(home);
    expect(await link.ask("place", mine)).toEqual({ file: "prompts/mine-2.md" });
    const { file } = await link.ask("keep", { ...mine, trial: view.trial });
    expect(file).toBe("prompts/mine-2.md");
    expect(await readFile(join(home, "prompts/mine.md"), "utf8")).toBe(MINE);
    expect(await readFile(join(home, file), "utf8")).toMatch(/^id: mine\n[\s\S]*^trial:$/m);

    const { code } = await link.ask("cell", { ...setting(), prompts: ["prompts/mine.md", file] });
    expect(code).toContain(
      'await lab.tune(["prompts/mine.md", "prompts/mine-2.md"], { sample: 3, seed: 7 });',
    );
    const asked = questions();
    const lab = await openLab(join(home, "data/d"));
    const again = await lab.tune([join(home, "prompts/mine.md"), join(home, file)], { sample: 3, seed: 7 });
    expect(again.captions).toHaveLength(6);
    expect(questions()).toBe(asked);
    vi.restoreAllMocks();
  }, 60_000);

  test("is stopped, and says so", async () => {
    const slow = await MockServer.start({ timePerToken: 50 });
    vi.stubEnv("FIGLOOM_ENDPOINTS", slow.url);
    const end = ended();
    const { trial } = await link.ask("run", {
      ...setting({ seed: 8 }),
      prompts: [{ name: "terse", source: (await loadPrompt("terse")).source }],
    });
    await link.ask("stop", { trial: trial! });
    expect((await end).problem).toContain("Stopped");
    vi.stubEnv("FIGLOOM_ENDPOINTS", server.url);
    await slow.close();
  }, 60_000);

  test("is not begun with a wrong prompt or a server that is not named", async () => {
    const prompts = [{ name: "prompts/mine.md", source: "no picture" }];
    await expect(link.ask("run", { ...setting(), prompts })).rejects.toThrow(/no line \{\{image\}\}/);
    const way = { ...setting().way, endpoint: "http://elsewhere:1" };
    await expect(
      link.ask("run", { ...setting(), way, prompts: [{ name: "prompts/mine.md", source: MINE }] }),
    ).rejects.toThrow(/not among the servers of FIGLOOM_ENDPOINTS/);
  });

  test("repeats and temperature stand in the cell, and a chosen model by name", async () => {
    const way = { endpoint: null, model: "a-model", temperature: 0.5, repeats: 2 };
    const { code } = await link.ask("cell", { ...setting({ among: ["a#fig1"] }), way, prompts: ["terse"] });
    expect(code).toContain('import { openLab, vllm } from "figloom";');
    expect(code).toContain(
      '{ sample: ["a#fig1"], seed: 7, repeats: 2, temperature: 0.5, on: vllm({ model: "a-model" }) }',
    );
  });
});
