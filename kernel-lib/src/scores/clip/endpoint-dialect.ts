/** vLLM's interface for embeddings, in which models of the CLIP and SigLIP families are asked. */
import { classifyError, transient, type Asked } from "../../captions/vllm/classify.js";
import type { Dialect, SentPicture, Spent } from "../../captions/vllm/dialect.js";
import { count, elements, fields, word } from "../../captions/vllm/json.js";
import type { Outcome } from "../../captions/vllm/outcome.js";
import type { ServerInfo } from "../../captions/vllm/server-info.js";
import { bodyOf, type Body } from "../../captions/vllm/transport.js";

/** Vectors of length 1, in the order of what was asked about. */
export interface Vectors extends Spent {
  vectors: Float32Array[];
}

/**
 * Before it vLLM gave wrong vectors of texts, all of them alike, while pictures were at work on the same server
 * (https://github.com/vllm-project/vllm/issues/53091), and said nothing of it.
 */
const OLDEST: readonly [number, number] = [0, 29];

/** How vectors are sent: the bytes of 32-bit floats, as base64. */
const ENCODING = { encoding_format: "base64", embed_dtype: "float32", endianness: "little" };

export class Embeddings implements Dialect<Vectors> {
  readonly path = "/v1/embeddings";
  readonly speaks = "embeddings";
  /** Numbers of a vector, once one was seen. */
  #width: number | null = null;

  read(body: unknown, asked: Asked): Outcome<Vectors> {
    const failed = classifyError(body, asked);
    if (failed) return failed;
    const { data, usage } = fields(body);
    const rows = elements(data)
      .map(fields)
      .sort((a, b) => (count(a.index) ?? 0) - (count(b.index) ?? 0));
    const vectors = rows.map(({ embedding }) => unitVector(floatsOf(word(embedding))));
    const whole = vectors.filter((vector) => vector !== null);
    const widths = new Set([
      ...whole.map(({ length }) => length),
      ...(this.#width === null ? [] : [this.#width]),
    ]);
    if (whole.length === 0 || whole.length < rows.length || widths.size > 1)
      return transient(
        "answer-unreadable",
        `${asked.server} answered without usable vectors about ${asked.item}`,
      );
    this.#width = whole[0]!.length;
    const prompt_tokens = count(fields(usage).prompt_tokens) ?? 0;
    return { kind: "answered", answer: { vectors: whole, prompt_tokens, completion_tokens: 0 } };
  }

  trial(model: string, picture: SentPicture): Body {
    return pictureBody(model, picture);
  }

  unfit({ version }: ServerInfo): string | null {
    if (version === null) return "says no version: embeddings are asked of vLLM";
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
    return `runs vLLM ${version}, which gives wrong vectors of texts while it has pictures to do; ${OLDEST.join(".")} and newer do not`;
  }

  remark(): null {
    return null;
  }

  received(): null {
    return null;
  }
}

/** A question about one picture, with no text beside it: these models take one or the other. */
export function pictureBody(model: string, { source }: Pick<SentPicture, "source">): Body {
  const url = source.kind === "file" ? source.url : source.prefix;
  const messages = [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }];
  const start = JSON.stringify({ messages }).slice(0, -1);
  const end = `,${JSON.stringify({ model, ...ENCODING }).slice(1)}`;
  if (source.kind === "file") return bodyOf([start + end]);
  // A picture's bytes stay a piece of their own.
  const place = start.indexOf(source.prefix) + source.prefix.length;
  return bodyOf([start.slice(0, place), source.base64, start.slice(place) + end]);
}

/**
 * A question about texts, which come as tokens: made to words again, or asked as messages, they would get other marks
 * at their ends.
 */
export const textBody = (model: string, input: readonly (readonly number[])[]): Body =>
  bodyOf([JSON.stringify({ model, input, add_special_tokens: false, ...ENCODING })]);

function floatsOf(base64: string): Float32Array {
  const bytes = Buffer.from(base64, "base64");
  const floats = new Float32Array(bytes.length >> 2);
  for (let i = 0; i < floats.length; i++) floats[i] = bytes.readFloatLE(4 * i);
  return floats;
}

/** `null` for what has no direction. */
function unitVector(vector: Float32Array): Float32Array | null {
  const length = Math.hypot(...vector);
  return length > 0 && Number.isFinite(length) ? vector.map((value) => value / length) : null;
}
