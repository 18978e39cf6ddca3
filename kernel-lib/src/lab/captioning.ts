import type { Captioner } from "../captions/captioner.js";
import { extractive } from "../captions/extractive.js";
import type { Prompt } from "../captions/prompts/prompt.js";
import type { VisionModel } from "../captions/vision-model.js";
import { ConfigurationError } from "../errors.js";

/** What makes captions: a captioner, or a model that is asked a prompt. */
export interface CaptioningOptions {
  /** @default the extractive baseline, where there is no prompt */
  captioner?: Captioner;
  /** What a model is asked about each figure. */
  prompt?: Prompt;
  /** The model that is asked. */
  on?: VisionModel;
  /** Goes before everything else that waits for the same servers. @default false */
  urgent?: boolean;
}

/** What makes captions, checked and ready. */
export interface Captioning {
  captioner: Captioner;
  /** What is asked; `null` for a captioner that asks nobody, or says not what. */
  prompt: Prompt | null;
  /** Whom the captioner asks, where that is known. */
  model: VisionModel | null;
}

/**
 * Makes ready what was chosen. Servers are asked here, before any work or lock.
 * @throws {ConfigurationError} for a choice that is none, or servers that cannot do it
 */
export async function captioning(
  { captioner, prompt, on, urgent = false }: CaptioningOptions,
  where: { signal: AbortSignal; folder: string },
): Promise<Captioning> {
  if (captioner && (prompt ?? on))
    throw new ConfigurationError("Give either a captioner, or a prompt and the model to ask (on), not both.");
  if (prompt) {
    if (!on) throw new ConfigurationError("A prompt needs a model to ask: give one (on).");
    await on.ready(where);
    const asking = on.captioner(prompt, { urgent });
    await asking.ready?.(where);
    return { captioner: asking, prompt, model: on };
  }
  if (on) throw new ConfigurationError("A model needs a prompt to be asked: give one (prompt).");
  const chosen = captioner ?? extractive();
  await chosen.ready?.(where);
  return { captioner: chosen, prompt: null, model: null };
}
