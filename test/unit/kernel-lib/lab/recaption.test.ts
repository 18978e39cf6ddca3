import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import type { Captioner } from "../../../../kernel-lib/src/captions/captioner.js";
import type { Prompt } from "../../../../kernel-lib/src/captions/prompts/prompt.js";
import type { VisionModel } from "../../../../kernel-lib/src/captions/vision-model.js";
import { lockDataset } from "../../../../kernel-lib/src/disk/lock.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { ConfigurationError, ItemError } from "../../../../kernel-lib/src/errors.js";
import { openLab, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import type { Progress } from "../../../../kernel-lib/src/stages/stage.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleEntry, sampleRecaption } from "../dataset/samples.js";

const FIGURES = 10;

/** A lab over one paper of ten figures. */
async function lab(): Promise<Lab> {
  const path = join(await freshFolder(), "d");
  const dataset = await Dataset.openOrCreate(path);
  await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) =>
    writer.append(sampleEntry("p", FIGURES)),
  );
  return openLab(path);
}

function prompt(id: string, hash: string): Prompt {
  return {
    id,
    about: "Says what is seen.",
    model: null,
    sampling: {
      temperature: 0,
      top_p: 1,
      top_k: -1,
      repetition_penalty: 1,
      presence_penalty: 0,
      max_tokens: 99,
      seed: 1,
    },
    max_pixels: 1024 * 1024,
    context_tokens: 500,
    answer: "text",
    language: "en",
    hash,
    source: `---\nid: ${id}\n---\nSay what is seen.\n`,
    file: null,
    compose: () => ({ system: "Say what is seen.", user: "", tokens: 4, kept: 1 }),
  };
}

const CONTEXT = prompt("context", "0123456789abcdef");

/** What the model does with a figure: answers, or fails like this. */
type Mood = (figure_id: string) => ItemError | null;

/** A model in this process: 100 tokens for a question, 20 for an answer. It notes whom it was asked about. */
class Painter implements VisionModel {
  readonly name = "org/painter";
  readonly usage = { requests: 0, prompt_tokens: 0, completion_tokens: 0 };
  readonly asked: string[] = [];
  readonly readyIn: string[] = [];
  closed = false;

  constructor(private readonly mood: Mood = () => null) {}

  async ready({ folder }: { folder: string }): Promise<void> {
    this.readyIn.push(folder);
  }

  captioner({ id, hash }: Prompt): Captioner {
    const variant = `${id}@${this.name}`;
    return {
      id: "vllm",
      version: 1,
      variant,
      fingerprint: JSON.stringify([hash, this.name]),
      concurrency: 2,
      predict: () => 120,
      note: () => "1 of 1 server",
      caption: async ({ figure: { figure_id } }) => {
        this.asked.push(figure_id);
        this.usage.requests++;
        this.usage.prompt_tokens += 100;
        this.usage.completion_tokens += 20;
        const problem = this.mood(figure_id);
        if (problem) throw problem;
        return sampleRecaption(figure_id, {
          variant,
          captioner: "vllm",
          prompt_id: id,
          prompt_hash: hash,
          model: this.name,
          prompt_tokens: 100,
          completion_tokens: 20,
        });
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

const failing =
  (figure_id: string, transient = false): Mood =>
  (asked) =>
    asked === figure_id
      ? new ItemError({ reason: "blurred", message: "Nothing is seen.", wayOut: "None.", transient })
      : null;

describe("recaptioning with a model", () => {
  it("asks the prompt about every figure, once", async () => {
    const open = await lab();
    const painter = new Painter();
    const first = await open.recaption({ prompt: CONTEXT, on: painter });
    expect(first).toMatchObject({
      variant: "context@org/painter",
      made: FIGURES,
      reused: 0,
      quarantined: 0,
      stopped: null,
      tokens: 120 * FIGURES,
    });
    expect(first.captions_per_second).toBeCloseTo(first.made / first.seconds);
    expect(inspect(first)).toMatch(
      /^10 captions "context@org\/painter", 0 quarantined, 1,200 tokens in \d+\.\d s$/,
    );
    expect(painter.asked.toSorted()).toEqual([...new Set(painter.asked)].toSorted());

    const again = await open.recaption({ prompt: CONTEXT, on: painter });
    expect(again).toMatchObject({ made: 0, reused: FIGURES, tokens: 0 });
    expect(painter.asked).toHaveLength(FIGURES);
    expect(painter.closed).toBe(false);

    const reworded = prompt("context", "fedcba9876543210");
    expect(await open.recaption({ prompt: reworded, on: painter })).toMatchObject({ made: FIGURES });
  });

  it("makes the model ready once before the first figure, and not at all where nothing is left to do", async () => {
    const open = await lab();
    const lock = await lockDataset(open.path, "something else");
    const painter = new Painter();
    await expect(open.recaption({ prompt: CONTEXT, on: painter })).rejects.toThrow("is being written");
    expect(painter.readyIn).toEqual([]);
    await lock.release();
    await open.recaption({ prompt: CONTEXT, on: painter });
    expect(painter.readyIn).toEqual([open.path]);
    await open.recaption({ prompt: CONTEXT, on: painter });
    expect(painter.readyIn).toEqual([open.path]);
  });

  it("keeps each prompt's text under its hash, once there is a caption by it", async () => {
    const open = await lab();
    const file = join(open.path, "prompts", `${CONTEXT.hash}.md`);
    await open.recaption({ prompt: CONTEXT, on: new Painter(), where: "false" });
    expect(existsSync(file)).toBe(false);
    await open.recaption({ prompt: CONTEXT, on: new Painter(), limit: 1 });
    expect(await readFile(file, "utf8")).toBe(CONTEXT.source);
    expect(await open.prompts()).toEqual([{ hash: CONTEXT.hash, id: "context", source: CONTEXT.source }]);
  });

  it("shows what the model says of itself and the tokens so far", async () => {
    const open = await lab();
    const seen: Progress[] = [];
    await open.recaption({
      prompt: CONTEXT,
      on: new Painter(),
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen.at(-1)!.note).toBe("1 of 1 server, 1,200 tokens");
  });

  it("keeps variants apart whatever their names hold, and compares them", async () => {
    const open = await lab();
    await open.recaption({ prompt: CONTEXT, on: new Painter() });
    await open.recaption({ prompt: prompt("../terse", "00000000000000aa"), on: new Painter() });
    const { variants } = await open.summary();
    expect(Object.keys(variants).sort()).toEqual(["../terse@org/painter", "context@org/painter"]);
    await expect(open.diff()).rejects.toThrow("There are several variants");
    const folders = await readdir(join(open.path, "recaptions"));
    expect(folders).toHaveLength(2);
    for (const folder of folders) expect(folder).toMatch(/^[\w-]/);
    const print = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await open.diff({ from: "context@org/painter", to: "../terse@org/painter" });
    expect(print.mock.calls.join()).toContain("context@org/painter → ../terse@org/painter");
    print.mockRestore();
  });

  it.each([
    [{ prompt: CONTEXT }, "No server is named"],
    [{ prompt: "contxt", on: new Painter() }, "contxt"],
    [{ on: new Painter() }, "needs a prompt"],
    [{ prompt: CONTEXT, captioner: new Painter().captioner(CONTEXT) }, "not both"],
  ])("says what is missing", async (options, said) => {
    vi.stubEnv("FIGLOOM_ENDPOINTS", "");
    const open = await lab();
    await expect(open.recaption(options)).rejects.toThrow(ConfigurationError);
    await expect(open.recaption(options)).rejects.toThrow(said);
    vi.unstubAllEnvs();
  });
});

describe("figures that fail", () => {
  it("are not asked about again, unless that is wanted", async () => {
    const open = await lab();
    const painter = new Painter(failing("p#fig3"));
    const made = FIGURES - 1;
    expect(await open.recaption({ prompt: CONTEXT, on: painter })).toMatchObject({ made, quarantined: 1 });
    const asked = painter.asked.length;
    expect(await open.recaption({ prompt: CONTEXT, on: painter })).toMatchObject({
      made: 0,
      reused: made,
      quarantined: 1,
      tokens: 0,
    });
    expect(painter.asked).toHaveLength(asked);
    expect(await open.quarantine()).toMatchObject([{ item: "p#fig3", reason: "blurred" }]);

    const mended = new Painter();
    expect(await open.recaption({ prompt: CONTEXT, on: mended, retryFailed: true })).toMatchObject({
      made: 1,
      reused: made,
      quarantined: 0,
    });
    expect(mended.asked).toEqual(["p#fig3"]);
    expect(await open.quarantine()).toEqual([]);
  });

  it("through no fault of their own are asked about again at the next start", async () => {
    const open = await lab();
    await open.recaption({ prompt: CONTEXT, on: new Painter(failing("p#fig3", true)) });
    expect(await open.quarantine()).toHaveLength(1);
    const painter = new Painter();
    expect(await open.recaption({ prompt: CONTEXT, on: painter })).toMatchObject({ made: 1, quarantined: 0 });
    expect(painter.asked).toEqual(["p#fig3"]);
  });

  it("by a fault of figloom's are asked about again at the next start", async () => {
    const open = await lab();
    const faulty = () => new TypeError("x is undefined") as unknown as ItemError;
    expect(await open.recaption({ prompt: CONTEXT, on: new Painter(faulty), limit: 1 })).toMatchObject({
      quarantined: 1,
    });
    expect(await open.recaption({ prompt: CONTEXT, on: new Painter(), limit: 1 })).toMatchObject({ made: 1 });
  });

  it("with several prompts are remembered for each", async () => {
    const open = await lab();
    const terse = prompt("terse", "00000000000000aa");
    for (const one of [CONTEXT, terse])
      await open.recaption({ prompt: one, on: new Painter(failing("p#fig3")) });
    const painter = new Painter();
    for (const one of [CONTEXT, terse])
      expect(await open.recaption({ prompt: one, on: painter })).toMatchObject({ made: 0, quarantined: 1 });
    expect(painter.asked).toEqual([]);
  });
});

describe("a budget", () => {
  it("stops cleanly when it is spent, keeps what is done, and a larger one goes on", async () => {
    const open = await lab();
    const painter = new Painter();
    const first = await open.recaption({ prompt: CONTEXT, on: painter, budget: { tokens: 500 } });
    expect(first).toMatchObject({
      made: 4,
      tokens: 480,
      stopped: "the token budget of 500 is spent; 6 figures are left",
    });
    expect(String(first)).toMatch(/; stopped: the token budget of 500 is spent; 6 figures are left$/);
    const second = await open.recaption({ prompt: CONTEXT, on: painter, budget: { tokens: 5000 } });
    expect(second).toMatchObject({ made: 6, reused: 4, tokens: 720, stopped: null });
  });

  it("is spent by answers that were thrown away, too", async () => {
    const open = await lab();
    const painter = new Painter(failing("p#fig1"));
    const result = await open.recaption({ prompt: CONTEXT, on: painter, budget: { tokens: 500 } });
    expect(result).toMatchObject({ made: 3, quarantined: 1, tokens: 480 });
  });

  it("counts what captions say where the captioner stands alone", async () => {
    const open = await lab();
    const captioner = new Painter().captioner(CONTEXT);
    expect(await open.recaption({ captioner, budget: { tokens: 250 } })).toMatchObject({
      made: 2,
      tokens: 240,
    });
  });

  it("that is none is refused before any server is asked", async () => {
    const open = await lab();
    const painter = new Painter();
    await expect(open.recaption({ prompt: CONTEXT, on: painter, budget: { tokens: -5 } })).rejects.toThrow(
      ConfigurationError,
    );
    expect(painter.readyIn).toEqual([]);
  });
});
