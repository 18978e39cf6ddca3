import { FixedPrompt, type FixedPromptOptions } from "../../captions/fixed-prompt.js";
import type { Units } from "../../rate-units.js";
import type { TextLine } from "../../model.js";
import type { ReadOptions, TextReader } from "../reader.js";
import { linesRead, type ReadLine } from "./lines.js";

export type VllmReaderOptions = FixedPromptOptions;

/** Pictures at work at once: their files are held while they wait for a server. */
const MOST_AT_WORK = 128;

/**
 * A vision-language model on vLLM servers as the reader of text on pictures: one request a picture, and more after
 * answers that do not keep to the schema. Servers are asked as `vllm()` asks them for captions, see docs/vllm.md. The
 * lines have neither a place nor a confidence. The model, and the prompt with its hash, stand in the reader's id, which is
 * known once it is ready.
 *
 * @throws {ConfigurationError} for an address that is none
 */
export function vllmReader({ model, endpoints, on }: VllmReaderOptions = {}): TextReader {
  return new VllmReader({ model, endpoints, on });
}

class VllmReader implements TextReader {
  readonly version = 1;
  readonly #asked: FixedPrompt;

  constructor(options: VllmReaderOptions) {
    this.#asked = new FixedPrompt("the reader", ["ocr", "lines.md"], options);
  }

  get id(): string {
    return this.#asked.id;
  }

  get runsOn(): Units {
    return this.#asked.runsOn;
  }

  get concurrency(): number {
    return Math.min(this.#asked.concurrency, MOST_AT_WORK);
  }

  identify({ signal }: { signal: AbortSignal }): Promise<void> {
    return this.#asked.identify(signal);
  }

  ready(where: { signal: AbortSignal; folder: string }): Promise<void> {
    return this.#asked.ready(where);
  }

  async read(_: Buffer, { signal, figure, image }: ReadOptions): Promise<TextLine[]> {
    const { paper_id } = figure;
    const paper = { paper_id, title: null, abstract: null, discipline: null };
    const { detail } = await this.#asked.ask({ figure, paper, image }, signal);
    const { lines } = JSON.parse(detail!) as { lines: ReadLine[] };
    return linesRead(figure.figure_id, lines);
  }

  close(): Promise<void> {
    return this.#asked.close();
  }
}
