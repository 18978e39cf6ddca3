import type { Captioner } from "./captioner.js";
import { extractive } from "./extractive.js";
import { loadPrompt } from "./prompts/load.js";
import type { Prompt } from "./prompts/prompt.js";
import type { VisionModel } from "./vision-model.js";
import { vllm } from "./vllm/vllm.js";
import { ConfigurationError } from "../errors.js";

/** What makes captions: a captioner, or a model that is asked a prompt. */
export interface CaptioningOptions {
  /** @default the extractive baseline, where there is no prompt */
  captioner?: Captioner;
  /** What a model is asked about each figure: from `loadPrompt`, or what it takes (a path, a shipped prompt's name). */
  prompt?: Prompt | string;
  /** The model that is asked. @default `vllm()`: that of the servers in FIGLOOM_ENDPOINTS */
  on?: VisionModel;
  /** Goes before everything else that waits for the same servers. @default false */
  urgent?: boolean;
}

/** What makes captions. */
export interface Captioning {
  captioner: Captioner;
  /**
   * Makes it ready, for which servers are asked; the second time it costs nothing. To be awaited before the first
   * figure, and left out where there is none.
   * @throws {ConfigurationError} for servers that cannot do it
   */
  ready(): Promise<void>;
  /** What is asked; `null` for a captioner that asks nobody, or says not what. */
  prompt: Prompt | null;
  /** Whom the captioner asks, where that is known. */
  model: VisionModel | null;
}

/** The model that is asked, if one is. */
export const modelFor = ({ captioner, prompt, on }: CaptioningOptions): VisionModel | undefined =>
  on ?? (prompt !== undefined && !captioner ? vllm() : undefined);

/**
 * Checks what was chosen. Servers are asked for their model's name at most.
 * @throws {ConfigurationError} for a choice that is none
 */
export async function captioning(
  options: CaptioningOptions,
  where: { signal: AbortSignal; folder: string },
): Promise<Captioning> {
  const { captioner, prompt, urgent = false } = options;
  if (captioner && (prompt ?? options.on))
    throw new ConfigurationError("Give either a captioner, or a prompt and the model to ask (on), not both.");
  const model = modelFor(options);
  if (!model) {
    const chosen = captioner ?? extractive();
    return { captioner: chosen, ready: once(async () => chosen.ready?.(where)), prompt: null, model: null };
  }
  if (prompt === undefined)
    throw new ConfigurationError("A model needs a prompt to be asked: give one (prompt).");
  const loaded = typeof prompt === "string" ? await loadPrompt(prompt) : prompt;
  if (model.name === null) await (model.identify ? model.identify(where) : model.ready(where));
  const asking = model.captioner(loaded, { urgent });
  const ready = once(async () => {
    await model.ready(where);
    await asking.ready?.(where);
  });
  return { captioner: asking, ready, prompt: loaded, model };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
