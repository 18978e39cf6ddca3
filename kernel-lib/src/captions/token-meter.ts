import type { Recaption } from "../model.js";
import type { Tokens } from "./budget.js";
import type { VisionModel } from "./vision-model.js";

/** Tokens since it was made: those that the model was asked for, or without one those that the captions say. */
export class TokenMeter {
  readonly #model: VisionModel | null;
  readonly #before: Tokens;
  #said: Tokens = { prompt_tokens: 0, completion_tokens: 0 };

  constructor(model: VisionModel | null) {
    this.#model = model;
    this.#before = { ...(model?.usage ?? this.#said) };
  }

  count({ prompt_tokens, completion_tokens }: Recaption): void {
    this.#said.prompt_tokens += prompt_tokens ?? 0;
    this.#said.completion_tokens += completion_tokens ?? 0;
  }

  get used(): Tokens {
    const now = this.#model?.usage ?? this.#said;
    return {
      prompt_tokens: now.prompt_tokens - this.#before.prompt_tokens,
      completion_tokens: now.completion_tokens - this.#before.completion_tokens,
    };
  }
}
