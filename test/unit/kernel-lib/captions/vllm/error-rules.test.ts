import { describe, expect, test } from "vitest";
import { classify, python, rust } from "./replies.js";

/** What servers answer, by what it means: the outcome's kind and, where it has one, the problem's reason. */
const ANSWERS: Record<string, [what: string, status: number, body: unknown][]> = {
  "too-long: too-long": [
    [
      "a prompt that is too long",
      400,
      python(
        "This model's maximum context length is 8192 tokens. However, you requested 512 output tokens and your prompt contains at least 7681 input tokens, for a total of at least 8193 tokens.",
        "BadRequestError",
        "input_tokens",
      ),
    ],
    [
      "a prompt that is too long once the picture is counted",
      400,
      python("The decoder prompt (length 9000) is longer than the maximum model length of 8192. Make sure …"),
    ],
    [
      "no room for an answer",
      400,
      python(
        "The decoder prompt (length 8192) plus the number of requested output tokens (at least 1) is longer than the maximum model length of 8192.",
      ),
    ],
    [
      "a prompt that is too long by itself, as 0.32 says it",
      400,
      python(
        "This model's maximum context length is 4096 tokens. However, your prompt contains at least 4097 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=4097)",
        "BadRequestError",
        "input_tokens",
      ),
    ],
    [
      "one that is too long with its picture, as 0.32 says it",
      400,
      python("Input length (8848) exceeds model's maximum context length (4096)."),
    ],
    [
      "one that leaves no room at all",
      400,
      python(
        "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)",
        "BadRequestError",
        "max_tokens",
      ),
    ],
    [
      "a picture that is too large for the encoder",
      400,
      python(
        "The prompt contains a(n) image item with 16384 embedding tokens, which exceeds the pre-allocated encoder cache size 8192.",
      ),
    ],
  ],
  "too-long: too-large": [
    ["a body above 32 MiB", 413, rust("length limit exceeded", "invalid_request_error")],
    ["a proxy's limit", 413, "<html><title>413 Request Entity Too Large</title></html>"],
  ],
  "refused: picture-unreadable": [
    [
      "a picture that cannot be decoded",
      400,
      python("Failed to load image: cannot identify image file <_io.BytesIO object>"),
    ],
    ["wrong base64", 400, python("Incorrect padding")],
    ["other wrong base64", 400, python("Only base64 data is allowed")],
    [
      "a picture that cannot be fetched",
      422,
      python(
        "Failed to fetch media from URL: HTTP 404 error (parameter=image_url, value=http://b/c.png)",
        "UnprocessableEntityError",
        "image_url",
        422,
      ),
    ],
    [
      "an older version's shape",
      400,
      { object: "error", message: "Incorrect padding", type: "x", code: 400 },
    ],
  ],
  "refused: picture-shape": [
    [
      "a picture of too many pixels",
      400,
      python(
        "Image dimensions 20000x20000 (400000000 pixels) exceed the maximum of 178956970 pixels. Set VLLM_MAX_IMAGE_PIXELS",
      ),
    ],
    ["a strip", 400, python("absolute aspect ratio must be smaller than 200, got 300.0")],
    [
      "a strip, as 0.32 says it",
      400,
      python(
        "Failed to apply Qwen3VLProcessor on data={'text': '<|vision_start|><|image_pad|><|vision_end|>', 'images': [<PIL.Image.Image image mode=RGB size=2010x10>]} with kwargs={'text_kwargs': {'truncation': False}}",
      ),
    ],
    [
      "a picture of too many pixels for Pillow",
      500,
      python(
        "Image size (200000000 pixels) exceeds limit of 178956970 pixels, could be decompression bomb DOS attack.",
        "InternalServerError",
        null,
        500,
      ),
    ],
  ],
  "refused: picture-not-there": [
    [
      "a file that is not there",
      500,
      python("[Errno 2] No such file or directory: <path>", "InternalServerError", null, 500),
    ],
  ],
  "refused: request-refused": [
    ["words that are no text", 400, python("1 validation error …", "Bad Request", "body.messages.0")],
    ["something new", 418, { error: { message: "teapot" } }],
  ],
  misconfigured: [
    [
      "too many pictures",
      400,
      python(
        "At most 1 image(s) may be provided in one prompt. Set `--limit-mm-per-prompt` …",
        "BadRequestError",
        "image",
      ),
    ],
    ["a model without eyes", 400, python("At most 0 image(s) may be provided in one prompt.")],
    ["a text model", 400, python("m is not a multimodal model")],
    [
      "a data URL that is not base64",
      501,
      python("Only base64 data URLs are supported for now.", "NotImplementedError", null, 501),
    ],
    [
      "files that may not be read",
      500,
      python(
        "Cannot load local files without `--allowed-local-media-path`.",
        "InternalServerError",
        null,
        500,
      ),
    ],
    [
      "a file outside of the folder",
      400,
      python("The file path <path> must be a subpath of `--allowed-local-media-path` <path>."),
    ],
    ["an unknown model", 404, python("The model `x` does not exist.", "NotFoundError", "model", 404)],
    ["an unknown model, in Rust", 404, rust("The model `x` does not exist.", "model_not_found")],
    ["an unknown route", 404, python("Not Found", "Not Found", null, 404)],
    ["FastAPI's unknown route", 404, { detail: "Not Found" }],
    ["a field that is wrong", 400, python("1 validation error …", "Bad Request", "body.temperature")],
    ["a wrong content type", 400, python("Unsupported Media Type: Only 'application/json' is allowed")],
    [
      "a wrong content type, as 0.32 says it",
      400,
      python(
        "1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed",
        "Bad Request",
      ),
    ],
    ["sampling out of range", 400, python("top_p must be in (0, 1], got 7.0.", "BadRequestError", "top_p")],
    [
      "a schema it cannot follow",
      400,
      python("The provided JSON schema contains features not supported by xgrammar."),
    ],
    ["a wrong key", 401, { error: "Unauthorized" }],
    ["a forbidden address", 403, "<h1>403 Forbidden</h1>"],
    ["a used up quota", 429, rust("You exceeded your current quota", "insufficient_quota")],
    ["a redirect", 307, ""],
  ],
  overloaded: [
    ["a queue that is full", 503, python("The server is overloaded", "ServiceUnavailable", null, 503)],
    ["a model that is scaled", 503, { error: "The model is currently scaling. Please try again later." }],
    ["a busy proxy", 503, "<html><title>503 Service Temporarily Unavailable</title></html>"],
    ["a proxy's limit of requests", 429, ""],
  ],
  "transient: server-error": [
    ["an empty message", 500, python("", "InternalServerError", null, 500)],
    [
      "a failure that may pass",
      503,
      python("Request failed; please retry", "Service Unavailable", null, 503),
    ],
    ["a failure of one request", 500, python("Internal server error", "InternalServerError", null, 500)],
    ["a failure, in Rust", 500, rust("internal", "server_error", "server_error")],
    ["a page of a proxy", 502, "<html><head><title>502 Bad Gateway</title></head><body>…"],
  ],
  "transient: server-slow": [["an impatient proxy", 504, "<html><title>504 Gateway Time-out</title></html>"]],
  "transient: answer-unreadable": [["nothing that HTTP knows", 299, ""]],
  "lost: engine-dead": [
    [
      "a dead engine",
      500,
      python(
        "EngineCore encountered an issue. See stack trace (above) for the root cause.",
        "InternalServerError",
        null,
        500,
      ),
    ],
    ["a dead engine of an older version", 500, python("EngineDeadError", "InternalServerError", null, 500)],
  ],
};

describe.each(Object.entries(ANSWERS))("errors that mean %s", (meaning, answers) => {
  test.each(answers)("%s", (_, status, body) => {
    const outcome = classify(status, body);
    const reason = "problem" in outcome ? [outcome.problem.reason] : [];
    expect([outcome.kind, ...reason].join(": ")).toBe(meaning);
  });
});

test("what is fatal at one status is not where the paper's words may stand in the message", () => {
  const echo = python("invalid character in: EngineCore encountered an issue");
  expect(classify(400, echo).kind).toBe("refused");
});
