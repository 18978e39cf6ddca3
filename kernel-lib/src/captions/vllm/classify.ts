/** What a reply, or the lack of one, means for the figure, for the server and for the run. */
import type { ProblemParts } from "../../errors.js";
import { retryAfter } from "../../http/retry-after.js";
import { ruleFor } from "./error-rules.js";
import type { Answer, Outcome } from "./outcome.js";
import { count, elements, fields, parsed, word } from "./json.js";
import { readServerError, serverErrorIn, type ServerError } from "./server-error.js";
import type { NetworkError, Reply } from "./transport.js";

/** What a request was about, for messages. */
export interface Asked {
  /** What was asked about: a figure's id. */
  item: string;
  /** The server's address as it may be shown. */
  server: string;
  /** Which interface it was asked in. @default "chat" */
  speaks?: "chat" | "embeddings";
}

/**
 * What a complete reply means.
 * @param read what the body of a reply with status 200 means
 * @param now milliseconds since 1970, which a `Retry-After` date counts from
 */
export function classifyReply<A = Answer>(
  reply: Reply,
  asked: Asked,
  read: (body: unknown) => Outcome<A>,
  now = Date.now(),
): Outcome<A> {
  if (reply.status === 200) {
    const body = parsed(reply.text);
    return body === undefined
      ? transient("answer-unreadable", `${asked.server} answered with no JSON about ${asked.item}`)
      : read(body);
  }
  const error = readServerError(reply.text);
  const outcome = byRule(reply.status, error, asked);
  return outcome.kind === "overloaded"
    ? { kind: "overloaded", after: retryAfter(one(reply.headers["retry-after"]), now) }
    : outcome;
}

/** What the body of a reply with status 200 means: servers put errors into those, too. */
export function classifyBody(body: unknown, asked: Asked): Outcome {
  const { item, server } = asked;
  const failed = classifyError(body, asked);
  if (failed) return failed;
  const { choices, usage } = fields(body);
  const choice = fields(elements(choices)[0]);
  const reason = word(choice.finish_reason);
  if (reason === "")
    return transient("answer-unreadable", `${server} answered without saying anything about ${item}`);
  if (reason === "abort" || reason === "error")
    return transient(
      "answer-given-up",
      `${server} gave up its answer about ${item} (finish_reason "${reason}")`,
    );
  const { prompt_tokens, completion_tokens, prompt_tokens_details } = fields(usage);
  const { cached_tokens, multimodal_tokens } = fields(prompt_tokens_details);
  return {
    kind: "answered",
    answer: {
      text: word(fields(choice.message).content),
      finish_reason: reason,
      prompt_tokens: count(prompt_tokens) ?? 0,
      completion_tokens: count(completion_tokens) ?? 0,
      image_tokens: count(fields(multimodal_tokens).image),
      cached_tokens: count(cached_tokens),
    },
  };
}

/** What an error means that came with status 200; `null` where there is none. */
export function classifyError(body: unknown, asked: Asked): Outcome<never> | null {
  if (!fields(body).error) return null;
  const known = serverErrorIn(body);
  const status = Number(known.code);
  return byRule(status >= 400 && status < 600 ? status : 500, known, asked);
}

/** What it means that there is no reply, or no whole one. */
export function classifyFailure(
  { code, message, sent, replied }: NetworkError,
  asked: Asked,
): Outcome<never> {
  const { server, item } = asked;
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO$)/.test(code))
    return {
      kind: "misconfigured",
      message: `No safe connection to ${server} can be made (${code}): check whether it speaks https, and its certificate; NODE_EXTRA_CA_CERTS names another authority.`,
    };
  if (code === "FIGLOOM_REPLY_TOO_LARGE" || /^(HPE_|HTTPParser|Z_|ERR__?ZLIB|ERR_BROTLI)/.test(code))
    return transient("answer-unreadable", `What ${server} answered about ${item} cannot be read: ${message}`);
  // Whether the server had taken the request up cannot be known once it was on its way: a server that dies of a
  // request closes its connection no other way than one that never looked at it.
  return {
    kind: "lost",
    accepted: sent,
    problem: {
      reason: sent ? "connection-lost" : "server-unreachable",
      message: sent
        ? `the connection to ${server} broke ${replied ? "while it answered" : "before it answered"} about ${item} (${code})`
        : `${server} cannot be reached (${code})`,
      wayOut:
        "look whether the server runs and what it logged, then run again: only what is missing is asked for",
    },
  };
}

function byRule(
  status: number,
  error: ServerError,
  { item, server, speaks = "chat" }: Asked,
): Outcome<never> {
  const { kind, reason, what, wayOut } = ruleFor(status, error, speaks);
  const said = `${server} says HTTP ${status}${error.message && `: ${error.message}`}`;
  const problem: ProblemParts = { reason, message: `${item}: ${what} (${said})`, wayOut };
  switch (kind) {
    case "misconfigured":
      return { kind, message: `${capital(what)} (${said}); ${wayOut}.` };
    case "overloaded":
      return { kind, after: null };
    case "lost":
      return { kind, accepted: true, problem };
    default:
      return { kind, problem };
  }
}

export const transient = (reason: string, message: string): Outcome<never> => ({
  kind: "transient",
  problem: { reason, message, wayOut: "run again: only what is missing is asked for" },
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const one = (header: string | string[] | undefined): string | undefined => [header].flat()[0];
