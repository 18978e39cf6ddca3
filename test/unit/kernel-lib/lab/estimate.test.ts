import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { Captioner } from "../../../../kernel-lib/src/captions/captioner.js";
import type { Prompt } from "../../../../kernel-lib/src/captions/prompts/prompt.js";
import type { VisionModel } from "../../../../kernel-lib/src/captions/vision-model.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { ConfigurationError, ItemError } from "../../../../kernel-lib/src/errors.js";
import { openLab, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleEntry, sampleRecaption } from "../dataset/samples.js";

const FIGURES = 40;
/** 13 tokens of the chat template, 768 of a picture of 1024 × 768 pixels, 2 around it. */
const PREDICTED = 87 + 13 + 768 + 2;

/** A lab over one paper with 40 pictured figures, and one without a picture. */
async function lab(): Promise<Lab> {
  const path = join(await freshFolder(), "d");
  const dataset = await Dataset.openOrCreate(path);
  const entry = sampleEntry("p", FIGURES + 1);
  for (const figure of entry.figures.slice(1))
    Object.assign(figure, {
      image_path: `images/${figure.ordinal}.png`,
      width: 1024,
      height: 768,
      sha256: "00",
    });
  await dataset.write({ stage: "ingest", stage_version: 1 }, (writer) => writer.append(entry));
  return openLab(path);
}

const PROMPT: Prompt = {
  id: "context",
  about: "Says what is seen.",
  model: null,
  sampling: {
    temperature: 0,
    top_p: 1,
    top_k: -1,
    repetition_penalty: 1,
    presence_penalty: 0,
    max_tokens: 500,
    seed: 1,
  },
  max_pixels: 1024 * 1024,
  context_tokens: 500,
  answer: "text",
  language: "en",
  hash: "0123456789abcdef",
  source: "Say what is seen.\n",
  file: null,
  compose: () => ({ system: "Say what is seen.", user: "", tokens: 87, kept: 1 }),
};

/** A model in this process on two servers: 900 tokens for a question, 100 to 120 for an answer, 4 s. */
class Painter implements VisionModel {
  readonly usage = { requests: 0, prompt_tokens: 0, completion_tokens: 0 };
  readonly servers = 2;
  readonly asked: string[] = [];
  ready = async () => {};
  close = async () => {};

  constructor(
    readonly name: string | null = "org/painter",
    private readonly fails: (figure_id: string) => boolean = () => false,
  ) {}

  captioner({ id, hash }: Prompt): Captioner {
    const variant = `${id}@${this.name}`;
    return {
      id: "vllm",
      version: 1,
      variant,
      fingerprint: hash,
      concurrency: 64,
      caption: async ({ figure: { figure_id }, image }) => {
        if (image === null)
          throw new ItemError({ reason: "image-missing", message: "No picture.", wayOut: "None." });
        this.asked.push(figure_id);
        const completion_tokens = 100 + (this.asked.length % 21);
        this.usage.requests++;
        this.usage.prompt_tokens += 900;
        this.usage.completion_tokens += completion_tokens;
        if (this.fails(figure_id))
          throw new ItemError({ reason: "blurred", message: "Nothing is seen.", wayOut: "None." });
        const counted = { prompt_tokens: 900, completion_tokens, seconds: 4 };
        return sampleRecaption(figure_id, { variant, captioner: "vllm", ...counted });
      },
    };
  }
}

describe("estimating a run", () => {
  it("asks about a few figures, keeps their captions, and reckons what the others take", async () => {
    const open = await lab();
    const painter = new Painter();
    const estimate = await open.estimate({
      prompt: PROMPT,
      on: painter,
      calibrate: 24,
      prices: { gpuHour: 3 },
    });
    expect(painter.asked).toHaveLength(24);
    expect(estimate).toMatchObject({ figures: 16, made: 24, calibrated: 24 });
    expect(estimate.prompt_tokens.value).toBeCloseTo(16 * 900);
    expect(estimate.image_tokens.value).toBeCloseTo(16 * 770);
    const [least, most] = estimate.completion_tokens.range!;
    expect(least).toBeGreaterThan(16 * 100);
    expect(most).toBeLessThan(16 * 121);
    expect(estimate.hours!.value).toBeCloseTo((16 * 4) / 24 / 3600);
    expect(estimate.gpu_hours!.value).toBeCloseTo(2 * estimate.hours!.value);
    expect(estimate.cost!.value).toBeCloseTo(3 * estimate.gpu_hours!.value);
    expect(estimate.basis).toMatch(
      /^24 figures answered by org\/painter on 2 servers; hours are for 24 in flight/,
    );
    expect(inspect(estimate)).toMatch(
      /^16 figures to ask about\n {2}questions {2}14\.4K tokens, 12\.3K of them pictures\n {2}answers {4}1\.\d+K tokens \(/,
    );
    expect(JSON.parse(JSON.stringify(estimate))).toMatchObject({ figures: 16 });

    const run = await open.recaption({ prompt: PROMPT, on: painter });
    expect(run).toMatchObject({ made: 16, reused: 24 });
    expect(new Set(painter.asked).size).toBe(FIGURES);
    const after = await open.estimate({ prompt: PROMPT, on: painter });
    expect(after).toMatchObject({ figures: 0, made: FIGURES });
    expect(String(after)).toBe("No figure is left to ask about.");
    expect(painter.asked).toHaveLength(FIGURES);
  });

  it("counts on what trials asked", async () => {
    const open = await lab();
    const painter = new Painter();
    await open.tune([PROMPT], { on: painter, sample: 6 });
    const estimate = await open.estimate({ prompt: PROMPT, on: painter, calibrate: 4 });
    expect(estimate).toMatchObject({ made: 10, calibrated: 4, figures: FIGURES - 10 });
    expect(painter.asked).toHaveLength(10);
    expect(new Set(painter.asked).size).toBe(10);
  });

  it("asks about the same figures for the same seed", async () => {
    const asked = async (seed: number) => {
      const painter = new Painter();
      await (await lab()).estimate({ prompt: PROMPT, on: painter, calibrate: 6, seed });
      return painter.asked.toSorted();
    };
    expect(await asked(1)).toEqual(await asked(1));
    expect(await asked(1)).not.toEqual(await asked(2));
  });

  it("asks nothing with calibrate: 0, and needs no model then", async () => {
    const open = await lab();
    const estimate = await open.estimate({ prompt: PROMPT, calibrate: 0 });
    expect(estimate).toMatchObject({ figures: FIGURES, made: null, calibrated: 0, hours: null, cost: null });
    expect(estimate.prompt_tokens).toEqual({ value: FIGURES * PREDICTED, range: null });
    expect(estimate.completion_tokens).toEqual({ value: FIGURES * 500, range: null });
    expect(estimate.basis).toMatch(/^nothing was asked; questions are predicted, .* no model is named$/);
    expect(String(estimate)).toContain("answers    at most 20K tokens");
    expect(String(estimate)).toContain("time       not known before some are asked about");

    const painter = new Painter();
    await open.recaption({ prompt: PROMPT, on: painter, limit: 11 });
    const named = await open.estimate({ prompt: PROMPT, on: painter, calibrate: 0 });
    expect(named).toMatchObject({ figures: FIGURES - 10, made: 10 });
    expect(painter.asked).toHaveLength(10);
  });

  it("is about what a condition and a limit pick", async () => {
    const open = await lab();
    const of = { prompt: PROMPT, calibrate: 0 };
    expect(await open.estimate({ ...of, where: "figure_id < 'p#fig2'" })).toMatchObject({ figures: 10 });
    expect(await open.estimate({ ...of, limit: 6 })).toMatchObject({ figures: 5 });
    await expect(open.estimate({ ...of, where: "mood = 'good'" })).rejects.toThrow(ConfigurationError);
  });

  it("leaves out what failed, and says so", async () => {
    const open = await lab();
    const some = new Painter("org/painter", (id) => id.endsWith("7"));
    const estimate = await open.estimate({ prompt: PROMPT, on: some, calibrate: FIGURES });
    // 7, 17, 27 and 37.
    expect(estimate).toMatchObject({ figures: 0, made: 36, calibrated: 36 });
    expect(estimate.basis).toContain("36 figures answered by org/painter on 2 servers, 4 failed");

    const none = new Painter("org/blind", () => true);
    const blind = await open.estimate({ prompt: PROMPT, on: none, calibrate: 5 });
    expect(blind).toMatchObject({ figures: 35, made: 0, calibrated: 0, hours: null });
    expect(blind.basis).toContain("none of 5 figures was answered");
    expect(await open.estimate({ prompt: PROMPT, on: none, calibrate: 0 })).toMatchObject({ figures: 35 });
  });

  it("refuses numbers that are none", async () => {
    const open = await lab();
    for (const wrong of [{ calibrate: -1 }, { calibrate: 1.5 }, { seed: NaN }, { prices: { gpuHour: -1 } }])
      await expect(open.estimate({ prompt: PROMPT, on: new Painter(), ...wrong })).rejects.toThrow(
        ConfigurationError,
      );
  });
});
