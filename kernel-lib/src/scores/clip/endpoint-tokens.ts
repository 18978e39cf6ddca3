/** Texts as the tokens that a text tower was trained on, made by the server's own tokenizer. */
import { elements, fields, word } from "../../captions/vllm/json.js";
import type { Post } from "../../captions/vllm/servers.js";
import { ConfigurationError } from "../../errors.js";

/** How texts become tokens, beside what the tokenizer does with their words. */
export interface Marks {
  /** SigLIP was trained on lower case, which the tokenizer of its second version leaves to the caller. */
  lowerCase: boolean;
  start: readonly number[];
  end: readonly number[];
  /**
   * Fills texts up to the limit; `null` for towers that read them as they are. SigLIP's is trained on texts of just that
   * length, and looks at what fills them, too; a server fills nothing up by itself.
   */
  fill: number | null;
}

export interface TowerText {
  /** What the tower is given. */
  ids: number[];
  /** Tokens of the whole text, marks not counted. */
  tokens: number;
  /** How many of them were cut off. */
  cut: number;
}

/**
 * Finds out what the tokenizer of a model is like.
 * @throws {ConfigurationError} for one of another family than CLIP and SigLIP
 */
export async function marksOf(model: string, post: Post): Promise<Marks> {
  const { ids, strings } = await tokenize(model, "", post);
  // CLIP: <|startoftext|><|endoftext|>. SigLIP: </s>, which also fills; its second version <eos>, and <pad> fills.
  if (ids.length === 2) return { lowerCase: false, start: [ids[0]!], end: [ids[1]!], fill: null };
  const siglip = { lowerCase: true, start: [], end: ids };
  if (ids.length === 1 && strings[0] === "</s>") return { ...siglip, fill: ids[0]! };
  if (ids.length === 1) {
    const pad = await tokenize(model, "<pad>", post, { add_special_tokens: false });
    if (pad.ids.length === 1 && pad.strings[0] === "<pad>") return { ...siglip, fill: pad.ids[0]! };
  }
  throw new ConfigurationError(
    `The model "${model}" is none of the CLIP or SigLIP family, by the tokens of an empty text (${strings.join(" ") || "none"}): serve one of these with --runner pooling.`,
  );
}

/** Tokens of a text, without marks. */
export async function tokensOf(
  model: string,
  text: string,
  { lowerCase, start, end }: Marks,
  post: Post,
): Promise<number[]> {
  const { ids } = await tokenize(model, lowerCase ? text.toLowerCase() : text, post);
  return ids.slice(start.length, ids.length - end.length);
}

/**
 * Cuts tokens at a tower's limit, marks included, and fills up what is shorter, as the reference implementations do
 * (`truncation=True`; for SigLIP `padding="max_length"`).
 */
export function forTower(tokens: readonly number[], { start, end, fill }: Marks, limit: number): TowerText {
  const kept = tokens.slice(0, limit - start.length - end.length);
  const ids = [...start, ...kept, ...end];
  if (fill !== null) while (ids.length < limit) ids.push(fill);
  return { ids, tokens: tokens.length, cut: tokens.length - kept.length };
}

async function tokenize(
  model: string,
  prompt: string,
  post: Post,
  options: { add_special_tokens?: boolean } = {},
): Promise<{ ids: number[]; strings: string[] }> {
  const { tokens, token_strs } = fields(
    await post("/tokenize", { model, prompt, return_token_strs: true, ...options }),
  );
  return { ids: elements(tokens).map(Number), strings: elements(token_strs).map(word) };
}
