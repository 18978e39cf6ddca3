import type { PreTrainedTokenizer } from "@huggingface/transformers";
import type { MaskedLmAbout, TokenizedText } from "./masked-lm-messages.js";

/** Cuts texts into the pieces of words that a model of BERT's kind reads. */
export class WordPieces {
  readonly special: MaskedLmAbout["special"];
  readonly unknown: number | null;
  /** What fills up short texts. */
  readonly padding: number;
  readonly #tokenizer: PreTrainedTokenizer;
  /** Ids of pieces that continue a word. */
  readonly #continuing: ReadonlySet<number>;

  /** @param prefix of pieces that continue a word, usually `##` */
  constructor(tokenizer: PreTrainedTokenizer, prefix: string) {
    this.#tokenizer = tokenizer;
    this.#continuing = new Set(
      [...tokenizer.get_vocab()].filter(([piece]) => piece.startsWith(prefix)).map(([, id]) => id),
    );
    const around = tokenizer.encode("");
    const mask = tokenizer.mask_token_id;
    if (around.length !== 2 || !Number.isInteger(mask))
      throw new Error(
        "its tokenizer has no token that hides another, or not one before and one after a text",
      );
    this.special = { start: around[0]!, end: around[1]!, mask };
    this.unknown = tokenizer.unk_token_id ?? null;
    this.padding = tokenizer.pad_token_id ?? 0;
  }

  of(text: string): TokenizedText {
    const ids = this.#tokenizer.encode(text, { add_special_tokens: false });
    const words: number[] = [];
    let word = -1;
    for (const [i, id] of ids.entries()) words.push(i > 0 && this.#continuing.has(id) ? word : ++word);
    return { ids, words };
  }
}
