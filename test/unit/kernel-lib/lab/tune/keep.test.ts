import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { loadPrompt } from "../../../../../kernel-lib/src/captions/prompts/load.js";
import { ConfigurationError } from "../../../../../kernel-lib/src/errors.js";
import { VERSION } from "../../../../../kernel-lib/src/version.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { FakeModel, pictured } from "./bench.js";

/** The notebook's folder. */
let folder: string;
beforeEach(async () => {
  folder = await freshFolder();
  vi.spyOn(process, "cwd").mockReturnValue(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const LONG = `---
# What we use since March.
about: 'Says it all: at length'
sampling: { temperature: 0.70, max_tokens: 300 }
context_tokens: 800
---

Describe the figure.

{{image}}

{{caption}}
`;

async function written(name: string, source: string) {
  const file = join(folder, name);
  await writeFile(file, source);
  return loadPrompt(file);
}

async function trialOf(sources: Record<string, string>) {
  const prompts = await Promise.all(
    Object.entries(sources).map(([name, source]) => written(`${name}.md`, source)),
  );
  const trial = await (await pictured()).tune(prompts, { on: new FakeModel(), sample: 12, seed: 7 });
  return { trial, prompts };
}

const frontMatter = (source: string) => parse(source.split("---\n")[1]!) as Record<string, unknown>;

describe("keeping a prompt", () => {
  test("writes it with the trial on record, and it stays the same prompt", async () => {
    const { trial, prompts } = await trialOf({
      long: LONG,
      brief: LONG.replace("figure.", "figure briefly."),
    });
    const [long, brief] = prompts;
    const kept = await trial.keep(brief!);
    expect(kept).toEqual({ file: join(folder, "prompts", "brief.md"), prompt_hash: brief!.hash });
    expect(inspect(kept)).toMatch(/ kept in prompts\/brief\.md$/);
    const again = await loadPrompt(kept.file);
    expect(again).toMatchObject({ id: "brief", hash: brief!.hash, about: brief!.about });
    const source = await readFile(kept.file, "utf8");
    expect(source).toContain("# What we use since March.");
    expect(source.endsWith(LONG.split("---\n")[2]!.replace("figure.", "figure briefly."))).toBe(true);
    const { trial: record } = frontMatter(source) as { trial: Record<string, never> };
    expect(record).toMatchObject({
      figloom: VERSION,
      model: "fake",
      seed: 7,
      figures: trial.figures,
      papers: 6,
      answers: 12,
      failed: 0,
      against: "long",
      compared: [{ name: "long", hash: long!.hash, model: "fake" }],
    });
    const { mean, interval } = trial.compare(long!, brief!).measures["words"]!;
    expect(record["deltas"]!["words"]).toMatchObject({ mean, interval_95: interval, figures: 12, papers: 6 });
    expect(record["means"]!["support"]).toBeCloseTo(trial.summary().columns[1]!.means["support"]!, 3);
  });

  test("keeps the id of a file that is given another name", async () => {
    const { trial } = await trialOf({ long: LONG });
    const { file } = await trial.keep("long", { as: "best/so far.md" });
    expect(file).toBe(join(folder, "best", "so far.md"));
    expect((await loadPrompt(file)).id).toBe("long");
  });

  test("puts a new trial in the place of an old one, and leaves other files alone", async () => {
    const { trial } = await trialOf({ long: LONG });
    const { file } = await trial.keep("long");
    await trial.keep("long");
    const source = await readFile(file, "utf8");
    expect(source.match(/^trial:/gm)).toHaveLength(1);
    const mine = source.replace("Describe", "Explain");
    await writeFile(file, mine);
    await expect(trial.keep("long")).rejects.toThrow(ConfigurationError);
    await expect(trial.keep("long")).rejects.toThrow(/holds something else; give another name/);
    expect(await readFile(file, "utf8")).toBe(mine);
    await trial.keep("long", { overwrite: true });
    expect(await readFile(file, "utf8")).toContain("Describe");
  });

  test("does not overwrite what is no prompt at all", async () => {
    const { trial } = await trialOf({ long: LONG });
    await mkdir(join(folder, "prompts"));
    await writeFile(join(folder, "prompts", "long.md"), "Shopping list");
    await expect(trial.keep("long")).rejects.toThrow(/holds something else/);
  });

  test("gives front matter to a prompt that has none, and keeps the line ends of one that was written elsewhere", async () => {
    const bare = "Describe it.\n\n{{image}}\n\n{{caption}}\n";
    const { trial, prompts } = await trialOf({ bare, windows: LONG.replaceAll("\n", "\r\n") });
    for (const prompt of prompts) {
      const { file } = await trial.keep(prompt);
      expect((await loadPrompt(file)).hash).toBe(prompt.hash);
    }
  });

  test("keeps a shipped prompt, named by its name", async () => {
    const on = new FakeModel();
    const trial = await (await pictured()).tune(["terse", "context"], { on, sample: 2 });
    const { file } = await trial.keep("terse");
    expect((await loadPrompt(file)).hash).toBe((await loadPrompt("terse")).hash);
  });

  test("refuses a prompt that is not part of the trial", async () => {
    const { trial } = await trialOf({ long: LONG });
    await expect(trial.keep("short")).rejects.toThrow(/"short" is not part of this trial; there are: "long"/);
  });
});
