import type { PreTrainedTokenizer } from "@huggingface/transformers";

/** A text's tokens as a model reads them. */
export interface Tokens {
  /** With the marks of start and end; no more than the model reads. */
  ids: number[];
  /** Of the whole text, without the marks; and how many of them were cut off. */
  tokens: number;
  cut: number;
}

/** Cuts texts into tokens, and cuts off from the end what is more than `limit` with the marks. */
export class Tokenizer {
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #limit: number;
  readonly #lowerCase: boolean;
  /** How many marks stand before and after a text. */
  readonly #before: number;
  readonly #after: number;

  /** @param options.lowerCase for models that were trained so and whose tokenizer does not see to it */
  constructor(tokenizer: PreTrainedTokenizer, { limit, lowerCase }: { limit: number; lowerCase: boolean }) {
    this.#tokenizer = tokenizer;
    this.#limit = limit;
    this.#lowerCase = lowerCase;
    const marks = tokenizer.encode("");
    const marked = tokenizer.encode("a");
    let before = 0;
    while (before < marks.length && marks[before] === marked[before]) before++;
    this.#before = before;
    this.#after = marks.length - before;
  }

  /** What fills up short texts. */
  get padding(): number {
    return this.#tokenizer.pad_token_id ?? 0;
  }

  cut(text: string): Tokens {
    const all = this.#tokenizer.encode(this.#lowerCase ? text.toLowerCase() : text);
    const tokens = all.length - this.#before - this.#after;
    const cut = Math.max(0, all.length - this.#limit);
    if (cut === 0) return { ids: all, tokens, cut };
    const ids = [...all.slice(0, this.#limit - this.#after), ...all.slice(all.length - this.#after)];
    return { ids, tokens, cut };
  }
}
