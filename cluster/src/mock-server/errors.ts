/** The answers of vLLM to what it cannot do: status, type and words as those of version 0.32. */

export interface ErrorParts {
  status: number;
  message: string;
  /** As the Python server names it; found from the status unless given. */
  type?: string;
  param?: string | null;
  headers?: Record<string, string>;
  /** Sent in place of the usual body: `error` is a bare string, or the whole is no JSON. */
  raw?: { contentType: string; body: string };
}

/** An answer that is not 200. */
export class ApiError extends Error {
  readonly parts: ErrorParts;
  constructor(parts: ErrorParts) {
    super(parts.message);
    this.parts = parts;
  }
}

const TYPES: Record<number, string> = {
  400: "BadRequestError",
  404: "NotFoundError",
  422: "UnprocessableEntityError",
  429: "RateLimitError",
  500: "InternalServerError",
  501: "NotImplementedError",
  503: "ServiceUnavailableError",
};

const bad = (message: string, param: string | null = null): ErrorParts => ({ status: 400, message, param });
const internal = (message: string): ErrorParts => ({ status: 500, message });
const bare = (status: number, error: string): ErrorParts => ({
  status,
  message: error,
  raw: { contentType: "application/json", body: JSON.stringify({ error }) },
});
/** As FastAPI answers by itself. */
const detail = (status: number, said: string): ErrorParts => ({
  status,
  message: said,
  raw: { contentType: "application/json", body: JSON.stringify({ detail: said }) },
});

/** One maker for each row of vLLM's errors; the arguments are what it fills in. */
export const ERRORS = {
  /** A prompt is cut one token over the limit before it is counted, so the number says only "at least". */
  tooLongText: (limit: number) =>
    bad(
      `This model's maximum context length is ${limit} tokens. However, your prompt contains at least ${limit + 1} ` +
        "input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the " +
        `input prompt. (parameter=input_tokens, value=${limit + 1})`,
      "input_tokens",
    ),
  askedTooMuch: (limit: number, asked: number) =>
    bad(
      `max_tokens=${asked} cannot be greater than max_model_len=${limit}. Please request fewer output tokens. ` +
        `(parameter=max_tokens, value=${asked})`,
      "max_tokens",
    ),
  tooLongPicture: (limit: number, prompt: number) =>
    bad(`Input length (${prompt}) exceeds model's maximum context length (${limit}).`),
  /** The prompt fills the context to the last token: what is left is taken for what was asked. */
  noRoom: () => bad("max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)", "max_tokens"),
  encoderCache: (tokens: number, size: number) =>
    bad(
      `The decoder prompt contains a(n) image item with ${tokens} embedding tokens, which exceeds the pre-allocated ` +
        `encoder cache size ${size}. Please reduce the input size or increase the encoder cache size by setting ` +
        "--limit-mm-per-prompt at startup.",
    ),
  tooManyPictures: (limit: number) =>
    bad(`At most ${limit} image(s) may be provided in one prompt. (parameter=image)`, "image"),
  noVision: (model: string) => bad(`${model} is not a multimodal model`),
  undecodable: () => bad("Failed to load image: cannot identify image file <_io.BytesIO object>"),
  truncated: () => bad("Failed to load image: image file is truncated"),
  huge: (pixels: number, limit: number) =>
    internal(
      `Image size (${pixels} pixels) exceeds limit of ${limit} pixels, could be decompression bomb DOS attack.`,
    ),
  /** What is wrong with its shape stands in the server's log alone. */
  ratio: (width: number, height: number) =>
    bad(
      "Failed to apply Qwen3VLProcessor on data={'text': '<|vision_start|><|image_pad|><|vision_end|>', 'images': " +
        `[<PIL.Image.Image image mode=RGB size=${width}x${height}>]} with kwargs={'text_kwargs': {'truncation': ` +
        "False}, 'images_kwargs': {'do_normalize': False, 'do_rescale': False}, 'videos_kwargs': {'do_normalize': " +
        "False, 'do_rescale': False}, 'return_tensors': 'pt'}",
    ),
  badBase64: () => bad("Non-base64 digit found"),
  notBase64: (): ErrorParts => ({ status: 501, message: "Only base64 data URLs are supported for now." }),
  notCached: (index: number) => bad(`Cache miss for image at index ${index} but data is not provided.`),
  urlRefused: (url: string): ErrorParts => ({
    status: 422,
    message: `Failed to fetch media from URL: HTTP 404 error (parameter=image_url, value=${url})`,
    param: "image_url",
  }),
  urlMalformed: (url: string): ErrorParts => ({
    status: 422,
    message: `Failed to fetch media from URL: Invalid URL (parameter=image_url, value=${url})`,
    param: "image_url",
  }),
  urlFailed: (host: string) =>
    internal(`Cannot connect to host ${host}:443 ssl:default [Name or service not known]`),
  urlTimeout: () => internal(""),
  /** Of models that make vectors: they take one or the other. */
  notBoth: (family: string) =>
    bad(
      `${family} accepts text-only or image-only inputs, not both! You must pass an image with an empty token prompt.`,
    ),
  tooManyTokens: (limit: number, tokens: number) =>
    bad(
      `This model's maximum context length is ${limit} tokens. However, your prompt contains ${tokens} input tokens, ` +
        "which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. " +
        `(parameter=input_tokens, value=${tokens})`,
      "input_tokens",
    ),
  noPrompt: () => bad("You must pass at least one prompt"),
  emptyPrompt: () => bad("The decoder prompt cannot be empty"),
  outOfVocabulary: (id: number) => bad(`Token id ${id} is out of vocabulary`),
  noLongerNormalize: () =>
    bad(
      "Parameter `normalize` was removed; use `use_activation` instead. (parameter=normalize)",
      "normalize",
    ),
  filesOff: () => internal("Cannot load local files without `--allowed-local-media-path`."),
  fileOutside: (file: string, folder: string) =>
    bad(`The file path ${file} must be a subpath of \`--allowed-local-media-path ${folder}\`.`),
  fileMissing: (file: string) => internal(`[Errno 2] No such file or directory: '${file}'`),
  unknownModel: (model: string, served: string): ErrorParts => ({
    status: 404,
    message: `The model \`${model}\` does not exist. Valid aliases: ${served}.`,
    param: "model",
  }),
  unknownRoute: () => detail(404, "Not Found"),
  wrongMethod: () => detail(405, "Method Not Allowed"),
  badRequest: (message: string, param: string | null = null): ErrorParts => ({
    ...bad(message, param),
    type: "Bad Request",
  }),
  badValue: (message: string, param: string | null = null) => bad(message, param),
  /** Without `--trust-request-mm-kwargs`. */
  untrusted: (field: string, what: string) =>
    bad(
      `Per-request ${field} are disabled by default because they can change multimodal ${what} resource usage. Start ` +
        `the server with --trust-request-mm-kwargs only when clients are trusted. (parameter=${field})`,
      field,
    ),
  contentType: (): ErrorParts => ({
    ...bad("1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed"),
    type: "Bad Request",
  }),
  unauthorized: () => bare(401, "Unauthorized"),
  generation: () => internal("Internal server error"),
  engineDead: () => internal("EngineCore encountered an issue. See stack trace (above) for the root cause."),
  overloaded: (): ErrorParts => ({
    status: 503,
    type: "Service Unavailable",
    message:
      "The engine is currently busy and cannot accept new requests. Please try again later or on a different " +
      "instance.",
  }),
  scaling: () => bare(503, "The model is currently scaling. Please try again later."),
  bodyTooLarge: (): ErrorParts => ({ status: 413, message: "length limit exceeded" }),
  /** Not vLLM's: what routers in front of it answer. */
  rateLimit: (seconds: number): ErrorParts => ({
    status: 429,
    message: "Rate limit exceeded",
    headers: { "Retry-After": String(seconds) },
  }),
  badGateway: (): ErrorParts => ({
    status: 502,
    message: "Bad Gateway",
    raw: {
      contentType: "text/html",
      body: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
    },
  }),
  /** Not vLLM's: no real server would notice. */
  wrongPicture: (uuid: string, sha: string) =>
    bad(
      `figloom mock-server: the uuid ${uuid} does not belong to the picture that came with it (its SHA-256 is ` +
        `${sha}). No real server would notice; it would answer about another picture.`,
      "uuid",
    ),
} satisfies Record<string, (...parts: never[]) => ErrorParts>;

/** Which server's way of saying it: vLLM's Python front end, or its experimental one in Rust. */
export type Flavour = "python" | "rust";

/** What vLLM takes out of its messages: addresses of objects, and paths of files. */
export const scrubbed = (message: string): string =>
  message
    .replace(/ at 0x[0-9a-f]+>/g, ">")
    .replace(
      /\/(?:home|usr|opt|var|tmp|root|lib|mnt|srv)(?:\/[\w.-]+)+|(?:\/[\w-]+)+\/[\w-]+\.\w+/g,
      "<path>",
    )
    .trim();

/** The object under `error`, as a body and a stream have it. */
export function errorObject({ status, message: raw, type, param = null }: ErrorParts, flavour: Flavour) {
  const message = scrubbed(raw);
  if (flavour === "python")
    return { message, type: type ?? TYPES[status] ?? "InternalServerError", param, code: status };
  const kind = status >= 500 ? "server_error" : "invalid_request_error";
  const code = status === 404 && param === "model" ? "model_not_found" : kind;
  return { message, type: kind, param, code };
}

export function errorBody(parts: ErrorParts, flavour: Flavour): { contentType: string; body: string } {
  return (
    parts.raw ?? {
      contentType: "application/json",
      body: JSON.stringify({ error: errorObject(parts, flavour) }),
    }
  );
}
