/** A figure's way to its caption. */
import { ItemError, type ProblemParts } from "../../errors.js";
import type { Recaption } from "../../model.js";
import type { CaptionInput, CaptionOptions } from "../captioner.js";
import { TEMPLATE_TOKENS } from "../estimate.js";
import type { Prompt, Sampling } from "../prompts/prompt.js";
import { captionSoFar, judgeAnswer, type Fault } from "./answer.js";
import { MIN_PIXELS, VISION_MARKS } from "./media/image-tokens.js";
import type { Pictures } from "./media/pictures.js";
import type { Answer } from "./outcome.js";
import { firstTry, nextTry, type Try } from "./remedies.js";
import { chatBody } from "./request.js";
import type { Final } from "./schedule/scheduler.js";
import type { Servers } from "./servers.js";

/** How a captioner asks: the same for all its figures. */
export interface Way {
  prompt: Prompt;
  model: string;
  variant: string;
  sampling: Sampling;
  repeat: number;
  urgent: boolean;
  /** Lower is earlier, for servers that schedule by priority. */
  priority: number | undefined;
  servers: Servers<Answer>;
  pictures: Pictures;
  /** The dataset's folder. */
  folder: string;
  /** Whether servers read the pictures there. */
  shared: boolean;
  /** Most tokens of a question and its answer; `null` where nobody knows. */
  max_model_len: number | null;
}

/** How much of picture and words is sent. */
type Size = Pick<Prompt, "max_pixels" | "context_tokens">;

/** What was asked about one figure. */
interface Log {
  requests: number;
  /** When the first request was sent, by `performance.now`. */
  since: number | null;
}

/**
 * Asks about a figure until there is a caption: with less of picture and words once where the question is too long,
 * with another draw or more room where the answer is no caption.
 * @throws {ItemError} when there is none; see docs/vllm.md for the reasons
 */
export async function captionFigure(
  way: Way,
  input: CaptionInput,
  options: CaptionOptions,
): Promise<Recaption> {
  const { prompt } = way;
  const log: Log = { requests: 0, since: null };
  let size: Size = prompt;
  let attempt = firstTry(way.sampling);
  for (;;) {
    const { final, system } = await ask(way, input, size, attempt, log, options);
    if (final.kind === "refused") throw new ItemError(final.problem);
    if (final.kind === "too-long") {
      if (size !== prompt) throw new ItemError(final.problem);
      size = smaller(prompt);
      continue;
    }
    const { answer } = final;
    const verdict = judgeAnswer(answer, prompt, { system });
    if ("caption" in verdict) return recaption(way, input, { answer, attempt, log, ...verdict });
    const room = roomAfter(answer, way.max_model_len);
    // vLLM 0.32 cuts an answer short where older ones say that the question is too long.
    if (verdict.fault === "truncated" && size === prompt && endsAtContext(answer, room, attempt)) {
      size = smaller(prompt);
      continue;
    }
    const next = nextTry(attempt, verdict.fault, room);
    if (!next) throw new ItemError(noCaption(input.figure.figure_id, verdict, log));
    attempt = next;
  }
}

async function ask(
  way: Way,
  input: CaptionInput,
  size: Size,
  { sampling }: Try,
  log: Log,
  { signal, onText }: CaptionOptions,
): Promise<{ final: Final; system: string }> {
  const { prompt, model, servers, urgent, priority } = way;
  const { figure_id } = input.figure;
  const asked = prompt.compose(input, { context_tokens: size.context_tokens });
  const picture = await preparePicture(way, input, size.max_pixels, signal);
  try {
    const stream = onText !== undefined;
    const body = chatBody({ model, asked, picture, sampling, answer: prompt.answer, stream, priority });
    const final = await servers.ask({
      item: figure_id,
      body,
      question: asked.tokens + TEMPLATE_TOKENS + picture.tokens + VISION_MARKS,
      answer: sampling.max_tokens,
      urgent,
      signal,
      id: () => {
        log.since ??= performance.now();
        return requestId(figure_id, way, ++log.requests);
      },
      onText: onText && ((text) => onText(captionSoFar(prompt, text))),
    });
    return { final, system: asked.system };
  } finally {
    picture.release();
  }
}

function preparePicture(
  { pictures, folder, shared, urgent }: Way,
  { figure, image }: CaptionInput,
  max_pixels: number,
  signal: AbortSignal,
) {
  if (image === null)
    throw new ItemError({
      reason: "image-missing",
      message: `${figure.figure_id} has no picture${figure.image_missing ? `: ${figure.image_missing}` : ""}`,
      wayOut: "mend what kept it from being drawn and ingest the paper again, or leave such figures out",
    });
  return pictures.prepare({ ...figure, path: image }, { folder, shared, max_pixels, urgent, signal });
}

/** For a question that is too long: half of the picture's pixels and half of the paper's words. */
const smaller = ({ max_pixels, context_tokens }: Size): Size => ({
  max_pixels: Math.max(MIN_PIXELS, Math.floor(max_pixels / 2)),
  context_tokens: Math.floor(context_tokens / 2),
});

const roomAfter = ({ prompt_tokens }: Answer, max_model_len: number | null): number | null =>
  max_model_len === null ? null : max_model_len - prompt_tokens;

/** Whether an answer got fewer tokens than were asked for, as the question left no more. */
const endsAtContext = ({ completion_tokens }: Answer, room: number | null, { sampling }: Try): boolean =>
  room !== null && completion_tokens >= room && room < sampling.max_tokens;

/** Tells requests apart in the servers' logs: `1703.09824#fig3/<prompt hash>/<repeat>/<request>`. */
function requestId(figure_id: string, { prompt, repeat }: Way, request: number): string {
  return `${figure_id.replace(/[^\x21-\x2e\x30-\x7e]/g, "_")}/${prompt.hash}/${repeat}/${request}`;
}

const WAYS_OUT: Record<Fault, string> = {
  truncated: "raise the prompt's max_tokens, or ask for shorter captions",
  repetition: "raise the prompt's repetition_penalty, or give it to another model",
  refusal: "look at the figure; say in the prompt what it is for, or give it to another model",
  empty: "look whether the prompt fits the model",
  malformed: "simplify the schema of the prompt's answers, or give it to a model that keeps to one",
  echo: "shorten the prompt's instructions, or give it to another model",
  "wrong-language": "name the language in the prompt's instructions, or set its language to null",
};

function noCaption(
  figure_id: string,
  { fault, message }: { fault: Fault; message: string },
  { requests }: Log,
): ProblemParts {
  return {
    reason: `answer-${fault}`,
    message: `${figure_id}: after ${requests} requests the answer is no caption: ${message}`,
    wayOut: WAYS_OUT[fault],
  };
}

function recaption(
  { variant, prompt, model }: Way,
  { figure }: CaptionInput,
  made: { answer: Answer; attempt: Try; log: Log; caption: string; detail: string | null },
): Recaption {
  const { answer, attempt, log, caption, detail } = made;
  return {
    figure_id: figure.figure_id,
    variant,
    text: caption,
    captioner: "vllm",
    captioner_version: 1,
    prompt_id: prompt.id,
    prompt_hash: prompt.hash,
    model,
    sampling: JSON.stringify(attempt.sampling),
    finish_reason: answer.finish_reason,
    prompt_tokens: answer.prompt_tokens,
    completion_tokens: answer.completion_tokens,
    seconds: (performance.now() - log.since!) / 1000,
    attempts: log.requests,
    detail,
  };
}
