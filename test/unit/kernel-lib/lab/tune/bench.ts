import { join } from "node:path";
import type { CaptionInput } from "../../../../../kernel-lib/src/captions/captioner.js";
import type { Prompt, Sampling } from "../../../../../kernel-lib/src/captions/prompts/prompt.js";
import type { CaptionerOptions, VisionModel } from "../../../../../kernel-lib/src/captions/vision-model.js";
import { Dataset } from "../../../../../kernel-lib/src/dataset/store.js";
import { ItemError } from "../../../../../kernel-lib/src/errors.js";
import { openLab, type Lab } from "../../../../../kernel-lib/src/lab/lab.js";
import { freshFolder } from "../../../../support/fresh-folder.js";
import { sampleFigure, samplePaper } from "../../dataset/samples.js";

const SAMPLING: Sampling = {
  temperature: 0.7,
  top_p: 0.9,
  top_k: 20,
  repetition_penalty: 1,
  presence_penalty: 0,
  max_tokens: 200,
  seed: 1,
};

/** A prompt that a {@link FakeModel} answers with the caption followed by `words`. */
export function prompt(id: string, words: string, over: Partial<Prompt> = {}): Prompt {
  const hash = Buffer.from(words.padEnd(8, ".")).toString("hex").slice(0, 16);
  return {
    id,
    about: `What ${id} is for.`,
    model: null,
    sampling: SAMPLING,
    max_pixels: 1_000_000,
    context_tokens: 1000,
    answer: "text",
    language: null,
    hash,
    source: `---\nid: ${id}\nabout: What ${id} is for. # a remark\n---\n\n${words}\n{{image}}\n{{caption}}\n`,
    file: null,
    compose: ({ figure }) => ({ system: "", user: `${figure.caption} ${words}`, tokens: 10, kept: 1 }),
    ...over,
  };
}

/** Answers with what a prompt composes, in two pieces, and remembers what it was asked. */
export class FakeModel implements VisionModel {
  readonly usage = { requests: 0, prompt_tokens: 0, completion_tokens: 0 };
  /** `<figure> <variant>` of every question. */
  readonly asked: string[] = [];
  readonly options: CaptionerOptions[] = [];
  /** Questions that get no answer. */
  refuses = (_question: string): boolean => false;
  /** Awaited before the second piece of each answer. */
  pause = async (_question: string, _signal: AbortSignal): Promise<void> => undefined;

  constructor(readonly name = "fake") {}

  async ready() {}
  async close() {}

  captioner(prompt: Prompt, options: CaptionerOptions = {}) {
    this.options.push(options);
    const { repeat = 0, sampling = {} } = options;
    const variant = `${prompt.id}@${this.name}${repeat > 0 ? `~${repeat}` : ""}`;
    const drawn = JSON.stringify({ ...prompt.sampling, ...sampling });
    return {
      id: "vllm",
      version: 1,
      variant,
      fingerprint: JSON.stringify([prompt.hash, this.name, drawn, repeat]),
      caption: async (
        input: CaptionInput,
        { signal, onText }: { signal: AbortSignal; onText?: (text: string) => void },
      ) => {
        const { figure_id } = input.figure;
        const question = `${figure_id} ${variant}`;
        this.asked.push(question);
        if (this.refuses(question))
          throw new ItemError({ reason: "blank", message: "Nothing to see.", wayOut: "Look elsewhere." });
        const text = `${prompt.compose(input).user}${repeat > 0 ? ` Take ${repeat}.` : ""}`;
        onText?.(text.slice(0, 8));
        await this.pause(question, signal);
        return {
          figure_id,
          variant,
          text,
          captioner: "vllm",
          captioner_version: 1,
          prompt_id: prompt.id,
          prompt_hash: prompt.hash,
          model: this.name,
          sampling: drawn,
          finish_reason: "stop",
          prompt_tokens: 100,
          completion_tokens: text.length,
          seconds: 0.5,
          attempts: 1,
          detail: null,
        };
      },
    };
  }
}

/** A lab of papers with two pictured figures each, and a figure without a picture. */
export async function pictured(papers = 6): Promise<Lab> {
  const path = join(await freshFolder(), "d");
  const dataset = await Dataset.openOrCreate(path);
  await dataset.write({ stage: "ingest", stage_version: 1 }, async (writer) => {
    for (let i = 1; i <= papers; i++) {
      const id = `p${i}`;
      const figure = (ordinal: number) =>
        sampleFigure(id, ordinal, {
          caption: `Flux of source ${i}.${ordinal} against time.`,
          image_path: `images/latex/undated/${id}/fig${ordinal + 1}.png`,
          image_missing: null,
          width: 800,
          height: 600,
        });
      await writer.append({
        key: `key of ${id}`,
        paper: samplePaper(id, i === 1 ? { discipline: "Physics" } : {}),
        figures: [figure(0), figure(1), sampleFigure(id, 2)],
      });
    }
  });
  return openLab(path);
}
