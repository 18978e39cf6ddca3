/** A question in the form that goes over the wire. */
import type { ComposedPrompt, Prompt, Sampling } from "../prompts/prompt.js";
import type { PreparedPicture } from "./media/pictures.js";
import { bodyOf, type Body } from "./transport.js";
import type { ChatRequest, ImagePart } from "./wire.js";

export interface Question {
  model: string;
  asked: Pick<ComposedPrompt, "system" | "user">;
  picture: Pick<PreparedPicture, "source" | "uuid">;
  sampling: Sampling;
  answer: Prompt["answer"];
  /** Whether the answer comes as it is made. */
  stream: boolean;
  /** Lower is earlier; only for servers that schedule by priority: others refuse it. */
  priority: number | undefined;
}

/** Ends answers that say the same 2 to 64 tokens 8 times in a row; what is left `loops.ts` finds. */
const REPETITION = { max_pattern_size: 64, min_pattern_size: 2, min_count: 8 };

/**
 * The body of a chat request: what is the same for all figures first, then the picture, then what varies, so that
 * servers find the beginning in their caches. A picture's bytes stay a piece of their own.
 *
 * `mm_processor_kwargs` is not sent: pictures have the size already that a server would give them, so its default leaves
 * them as they are, and requests that bring their own settings are slower to prepare.
 */
export function chatBody({ model, asked, picture, sampling, answer, stream, priority }: Question): Body {
  const settings: Omit<ChatRequest, "messages"> = {
    model,
    ...sampling,
    repetition_detection: REPETITION,
    ...(answer !== "text" && {
      response_format: {
        type: "json_schema",
        json_schema: { name: answer.name, schema: answer.schema, strict: true },
      },
    }),
    ...(priority !== undefined && { priority }),
    ...(stream && { stream, stream_options: { include_usage: true } }),
  };
  const { source, uuid } = picture;
  const image: ImagePart = {
    type: "image_url",
    image_url: { url: source.kind === "file" ? source.url : source.prefix },
    uuid,
  };
  const messages: ChatRequest["messages"] = [
    ...(asked.system === "" ? [] : [{ role: "system" as const, content: wellFormed(asked.system) }]),
    { role: "user", content: [image, { type: "text", text: wellFormed(asked.user) }] },
  ];
  const start = JSON.stringify({ messages }).slice(0, -1);
  const end = `,${JSON.stringify(settings).slice(1)}`;
  if (source.kind === "file") return bodyOf([start + end]);
  const place = start.lastIndexOf(`"},"uuid":"${uuid}"}`);
  return bodyOf([start.slice(0, place), source.base64, start.slice(place) + end]);
}

/** Half of a character, as a cut may leave it: servers refuse a text that holds one. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");
