import { join } from "node:path";
import { ConfigurationError } from "../errors.js";
import { serversOf, type Units } from "../rate-units.js";
import type { Recaption } from "../model.js";
import type { Captioner, CaptionInput } from "./captioner.js";
import { loadPrompt, shippedFolder } from "./prompts/load.js";
import type { Prompt } from "./prompts/prompt.js";
import type { VisionModel } from "./vision-model.js";
import { vllm } from "./vllm/vllm.js";

export interface FixedPromptOptions {
  /** Name that the servers know the model by. @default the only one that they serve */
  model?: string | undefined;
  /** Base URLs of vLLM servers. @default those of FIGLOOM_ENDPOINTS, else a fleet's */
  endpoints?: string | readonly string[] | undefined;
  /** A model that is there already, in place of `model` and `endpoints`; whoever gives it closes it. */
  on?: VisionModel | undefined;
}

/** Figures at work before the servers are known. */
const CONCURRENCY = 64;

/**
 * A shipped prompt that is no user's to choose, and the model on vLLM servers that answers it: for what asks about
 * pictures something else than captions. It can be used again after it was closed.
 */
export class FixedPrompt {
  readonly #options: FixedPromptOptions;
  readonly #file: string;
  readonly #who: string;
  #model: VisionModel;
  #prompt: Prompt | null = null;
  #captioner: Captioner | null = null;

  /**
   * @param who asks, for messages: `the judge`
   * @param file below the folder of shipped prompts
   * @throws {ConfigurationError} for an address that is none
   */
  constructor(who: string, file: readonly string[], options: FixedPromptOptions) {
    this.#who = who;
    this.#file = join(shippedFolder(), ...file);
    this.#options = options;
    this.#model = this.#connected();
  }

  /** Model, and the prompt with its hash: `NAME@vllm visual-claims-0123456789abcdef`. */
  get id(): string {
    const { name } = this.#model;
    if (name === null || !this.#prompt)
      throw new ConfigurationError(`The model of ${this.#who} is not known yet: wait for it to be ready.`);
    return `${name}@vllm ${this.#prompt.id}-${this.#prompt.hash}`;
  }

  get concurrency(): number {
    return this.#captioner?.concurrency ?? CONCURRENCY;
  }

  get runsOn(): Units {
    return serversOf(this.#model);
  }

  /** Learns the model's name, and nothing more. */
  async identify(signal: AbortSignal): Promise<void> {
    this.#prompt ??= await loadPrompt(this.#file);
    await this.#model.identify?.({ signal });
  }

  /**
   * @param where.folder the dataset's
   * @throws {ConfigurationError} when the servers cannot be asked
   */
  async ready(where: { signal: AbortSignal; folder: string }): Promise<void> {
    await this.identify(where.signal);
    await this.#model.ready(where);
    this.#captioner ??= this.#model.captioner(this.#prompt!);
    await this.#captioner.ready?.(where);
  }

  /**
   * Asks until an answer keeps to the prompt's schema.
   * @returns `text` is the answer's `caption`, `detail` its other fields; `kept` the share of the words that found room
   * @throws {ItemError} when there is none
   */
  async ask(input: CaptionInput, signal: AbortSignal): Promise<Recaption & { kept: number }> {
    if (!this.#captioner || !this.#prompt)
      throw new ConfigurationError(`Wait for ${this.#who} to be ready first.`);
    const made = await this.#captioner.caption(input, { signal });
    return { ...made, kept: this.#prompt.compose(input).kept };
  }

  async close(): Promise<void> {
    if (!this.#options.on) await this.#model.close();
    this.#captioner = null;
    this.#model = this.#connected();
  }

  #connected(): VisionModel {
    const { model, endpoints, on } = this.#options;
    return (
      on ?? vllm({ ...(model !== undefined && { model }), ...(endpoints !== undefined && { endpoints }) })
    );
  }
}
