/**
 * Which error of a server means what. The wordings are those of vLLM 0.11 to 0.32, both of its front ends, and of
 * proxies before it; docs/vllm.md lists them. The first rule that fits holds; a status that none knows falls to the
 * last ones.
 */
import type { ServerError } from "./server-error.js";

export interface Rule {
  kind: "too-long" | "refused" | "misconfigured" | "transient" | "overloaded" | "lost";
  reason: string;
  /** What is wrong, as part of a sentence. */
  what: string;
  wayOut: string;
  /** First and last status that the rule is for. */
  status: readonly [number, number];
  /** Further condition. */
  when?: (error: ServerError, speaks: Speaks) => boolean;
}

/** The interface that was asked in. */
type Speaks = "chat" | "embeddings";

const AGAIN = "run again: only what is missing is asked for";
const PICTURE = "look at the figure's picture; render it again, or leave the figure out";

const says =
  (pattern: RegExp) =>
  ({ message }: ServerError): boolean =>
    pattern.test(message);

const SAMPLING =
  /^(temperature|top_p|top_k|min_p|(repetition|presence|frequency)_penalty|max_(completion_)?tokens|seed)$/;

const RULES: readonly Rule[] = [
  {
    kind: "too-long",
    reason: "too-long",
    what: "prompt, picture and answer are too long for the model",
    wayOut:
      "lower the prompt's max_pixels, context_tokens or max_tokens, or serve the model with a larger --max-model-len",
    status: [400, 599],
    when: (error) =>
      error.param === "input_tokens" ||
      error.code === "context_length_exceeded" ||
      says(
        /maximum context length|longer than the maximum model length|exceeds the pre-allocated encoder cache|exceeds? the (available )?context (size|length|window)|^max_(completion_)?tokens must be at least 1, got (0|-\d+)\b/i,
      )(error),
  },
  {
    kind: "too-long",
    reason: "too-large",
    what: "the request holds more bytes than the server, or a proxy before it, takes",
    wayOut: "lower the prompt's max_pixels, or let the server read the pictures from a shared folder",
    status: [413, 413],
  },
  {
    kind: "misconfigured",
    reason: "no-vision",
    what: "the model that is served does not look at pictures",
    wayOut: "serve a vision-language model, such as Qwen3-VL",
    status: [400, 599],
    when: says(/is not a multimodal model|At most 0 image/i),
  },
  {
    kind: "misconfigured",
    reason: "image-limit",
    what: "the server takes fewer pictures than a prompt has",
    wayOut: `start it with --limit-mm-per-prompt '{"image":1}'`,
    status: [400, 499],
    when: says(/At most \d+ \w+\(?s?\)? may be provided in one prompt/i),
  },
  {
    kind: "misconfigured",
    reason: "no-local-files",
    what: "the server may not read files",
    wayOut: "start it with --allowed-local-media-path and the dataset's folder",
    status: [400, 599],
    when: says(/Cannot load local files without/i),
  },
  {
    kind: "misconfigured",
    reason: "outside-shared-folder",
    what: "the picture lies outside the folder that the server may read",
    wayOut: "name the dataset's folder in --allowed-local-media-path",
    status: [400, 599],
    when: says(/must be a subpath of/i),
  },
  {
    kind: "refused",
    reason: "picture-not-there",
    what: "the server does not find the picture",
    wayOut: "check that the server sees the dataset's folder under the same path",
    status: [400, 599],
    when: says(/No such file or directory|Permission denied|Is a directory/i),
  },
  {
    kind: "refused",
    reason: "picture-unreadable",
    what: "the server cannot read the picture",
    wayOut: PICTURE,
    status: [400, 599],
    when: says(
      /Failed to load image|cannot identify image file|image file is truncated|broken (PNG|data stream)|Incorrect padding|base64-encoded|Only base64 data is allowed|Non-base64 digit/i,
    ),
  },
  {
    kind: "refused",
    reason: "picture-shape",
    what: "the picture is too large or too narrow for the server",
    wayOut: PICTURE,
    status: [400, 599],
    when: says(
      /Image dimensions .* exceed|exceeds limit of \d+ pixels|decompression bomb|aspect ratio must be smaller/i,
    ),
  },
  {
    kind: "refused",
    reason: "picture-shape",
    what: "the server's image processor fails on the picture, mostly as it is too narrow",
    wayOut: PICTURE,
    status: [400, 599],
    when: says(/Failed to apply \w*Processor/),
  },
  {
    kind: "refused",
    reason: "picture-unreadable",
    what: "the server cannot fetch the picture",
    wayOut: PICTURE,
    status: [422, 422],
    when: says(/Failed to fetch media/i),
  },
  {
    kind: "misconfigured",
    reason: "key-refused",
    what: "the server does not accept the key",
    wayOut: "set FIGLOOM_API_KEY to a key that it accepts",
    status: [401, 401],
  },
  {
    kind: "misconfigured",
    reason: "key-refused",
    what: "the server, or a proxy before it, does not let this request in",
    wayOut: "set FIGLOOM_API_KEY to a key that may use it",
    status: [403, 403],
  },
  {
    kind: "misconfigured",
    reason: "unknown-model",
    what: "the server does not serve the model that was asked for",
    wayOut: "name one that it serves; figloom doctor lists them",
    status: [400, 404],
    when: (error) =>
      error.param === "model" ||
      error.code === "model_not_found" ||
      says(/^The model .* does not exist/i)(error),
  },
  {
    kind: "misconfigured",
    reason: "no-embeddings",
    what: "there is no interface for embeddings at this address",
    wayOut: "serve a model of the CLIP or SigLIP family there: vllm serve MODEL --runner pooling",
    status: [400, 599],
    when: (error, speaks) =>
      speaks === "embeddings" &&
      (/^(Not Found|Method Not Allowed)$/i.test(error.message) ||
        says(/does not support Embeddings API/i)(error)),
  },
  {
    kind: "misconfigured",
    reason: "unknown-route",
    what: "there is no chat interface at this address",
    wayOut: "check that it is the base URL of a vLLM server, or of another that speaks OpenAI's chat API",
    status: [404, 405],
  },
  {
    kind: "misconfigured",
    reason: "redirected",
    what: "the address sends elsewhere",
    wayOut: "name the address that it sends to as the endpoint, if it is to be trusted",
    status: [300, 399],
  },
  {
    kind: "misconfigured",
    reason: "schema-refused",
    what: "the server does not take the schema of the prompt's answers",
    wayOut: "simplify the schema, or ask for plain text",
    status: [400, 400],
    when: (error) =>
      /^(response_format|structured_outputs|guided_)/.test(error.param) ||
      says(/grammar|json.?schema|structured.?output|xgrammar|response_format/i)(error),
  },
  {
    kind: "misconfigured",
    reason: "sampling-refused",
    what: "the server does not take the prompt's sampling",
    wayOut: "correct the prompt's temperature, top_p, top_k, penalties, max_tokens or seed",
    status: [400, 400],
    when: (error) =>
      SAMPLING.test(error.param) ||
      says(/^`?(temperature|top_p|top_k|min_p|\w+_penalty|max_tokens|seed)`? (must|should|cannot)/)(error),
  },
  {
    kind: "misconfigured",
    reason: "request-not-understood",
    what: "the server does not understand figloom's requests",
    wayOut: "check its version; figloom is made for vLLM 0.11 and newer",
    status: [400, 422],
    when: (error) =>
      /^body\b(?!\.messages)/.test(error.param) ||
      says(/^(1 validation error: )?Unsupported Media Type|"loc":\["body"/i)(error),
  },
  {
    kind: "misconfigured",
    reason: "not-implemented",
    what: "the server cannot do what figloom asks for",
    wayOut: "check its version; figloom is made for vLLM 0.11 and newer",
    status: [501, 501],
  },
  {
    kind: "misconfigured",
    reason: "quota",
    what: "the account has nothing left to spend",
    wayOut: "raise its quota, or name other endpoints",
    status: [402, 429],
    when: (error) => error.code === "insufficient_quota" || error.type === "insufficient_quota",
  },
  { kind: "overloaded", reason: "overloaded", what: "", wayOut: "", status: [429, 429] },
  {
    kind: "lost",
    reason: "engine-dead",
    what: "the server's engine is dead",
    wayOut: "look into the server's log, start it again, and run again: only what is missing is asked for",
    status: [500, 599],
    when: says(
      /EngineCore encountered an issue|Engine\w*Dead|engine (core |process |loop )?(is dead|has died|died|is not running)|Background loop (has errored|is not running)/i,
    ),
  },
  {
    kind: "transient",
    reason: "server-error",
    what: "the server failed at this request",
    wayOut: `look into the server's log, and ${AGAIN}`,
    status: [503, 503],
    when: says(/^Request failed; please retry/),
  },
  { kind: "overloaded", reason: "overloaded", what: "", wayOut: "", status: [503, 503] },
  { kind: "overloaded", reason: "overloaded", what: "", wayOut: "", status: [529, 529] },
  {
    kind: "transient",
    reason: "server-slow",
    what: "a proxy before the server had no patience",
    wayOut: `give the proxy a longer time limit, and ${AGAIN}`,
    status: [504, 504],
  },
  {
    kind: "transient",
    reason: "server-error",
    what: "the server failed",
    wayOut: `look into the server's log, and ${AGAIN}`,
    status: [500, 599],
  },
  {
    kind: "transient",
    reason: "server-error",
    what: "the server gave the request up",
    wayOut: AGAIN,
    status: [408, 409],
  },
  {
    kind: "transient",
    reason: "server-error",
    what: "the server put the request off",
    wayOut: AGAIN,
    status: [425, 425],
  },
  {
    kind: "refused",
    reason: "request-refused",
    what: "the server refuses the request",
    wayOut: "see what it says; where all figures fail like this, check the server's settings and version",
    status: [400, 499],
  },
];

/** What no HTTP server should answer. */
const UNKNOWN: Rule = {
  kind: "transient",
  reason: "answer-unreadable",
  what: "the server answered with a status that says nothing",
  wayOut: AGAIN,
  status: [0, 999],
};

/** The rule for an error. */
export function ruleFor(status: number, error: ServerError, speaks: Speaks): Rule {
  return (
    RULES.find(
      ({ status: [first, last], when }) =>
        status >= first && status <= last && (when?.(error, speaks) ?? true),
    ) ?? UNKNOWN
  );
}
