/** The chat interface, in which a model is asked about a figure. */
import { classifyBody } from "./classify.js";
import type { Dialect, SentPicture, TrialPicture } from "./dialect.js";
import { Drift } from "./drift.js";
import type { Endpoint } from "./endpoints.js";
import type { Answer } from "./outcome.js";
import { chatBody } from "./request.js";
import type { Body } from "./transport.js";

/** Shortest answer to a plain question. */
const SAMPLING = {
  ...{ temperature: 0, top_p: 1, top_k: -1, repetition_penalty: 1, presence_penalty: 0 },
  max_tokens: 8,
  seed: 0,
};

export class Chat implements Dialect<Answer> {
  readonly path = "/v1/chat/completions";
  readonly speaks = "chat";
  readonly read = classifyBody;
  readonly #drift = new Drift();

  /** Counted over predicted tokens of questions; `null` before the first answer. */
  get drift(): number | null {
    return this.#drift.ratio;
  }

  trial(model: string, picture: SentPicture): Body {
    return chatBody({
      ...{ model, picture, sampling: SAMPLING, answer: "text", stream: false, priority: undefined },
      asked: { system: "", user: "Which colour is the background? Answer with one word." },
    });
  }

  /** Older ones pass over fields that they do not know, which is warned of. */
  unfit(): null {
    return null;
  }

  remark({ image_tokens }: Answer, { tokens }: TrialPicture, { shown }: Endpoint): string | null {
    if (image_tokens === null || image_tokens === tokens) return null;
    return `${shown} makes ${image_tokens} tokens of a picture that Qwen3-VL makes ${tokens} of: its max_pixels is lower, or the model is another; estimates will be off.`;
  }

  received(answer: Answer, { question, server }: { question: number; server: Endpoint }): string | null {
    answer.text = server.scrub(answer.text);
    return this.#drift.add(question, answer.prompt_tokens);
  }
}
