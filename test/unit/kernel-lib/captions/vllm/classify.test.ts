import { describe, expect, test } from "vitest";
import {
  classifyBody,
  classifyFailure,
  classifyReply,
} from "../../../../../kernel-lib/src/captions/vllm/classify.js";
import { NetworkError } from "../../../../../kernel-lib/src/captions/vllm/transport.js";

const ASKED = { item: "p#fig1", server: "http://a" };
const NOW = Date.parse("2026-01-01T00:00:00Z");

const classify = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  classifyReply(
    { status, headers, text: typeof body === "string" ? body : JSON.stringify(body), streamed: false },
    ASKED,
    (read) => classifyBody(read, ASKED),
    NOW,
  );
const kindAndReason = (status: number, body: unknown) => {
  const outcome = classify(status, body);
  return [outcome.kind, "problem" in outcome ? outcome.problem.reason : undefined];
};
/** As vLLM's Python front end says it. */
const python = (message: string, type = "BadRequestError", param: string | null = null, code = 400) => ({
  error: { message, type, param, code },
});
/** As its Rust front end says it. */
const rust = (message: string, code: string, type = "invalid_request_error") => ({
  error: { message, type, param: null, code },
});

describe("errors that vLLM answers with", () => {
  test.each<[string, number, unknown, string, string | undefined]>([
    [
      "a prompt that is too long",
      400,
      python(
        "This model's maximum context length is 8192 tokens. However, you requested 512 output tokens and your prompt contains at least 7681 input tokens, for a total of at least 8193 tokens.",
        "BadRequestError",
        "input_tokens",
      ),
      "too-long",
      "too-long",
    ],
    [
      "a prompt that is too long once the picture is counted",
      400,
      python("The decoder prompt (length 9000) is longer than the maximum model length of 8192. Make sure …"),
      "too-long",
      "too-long",
    ],
    [
      "no room for an answer",
      400,
      python(
        "The decoder prompt (length 8192) plus the number of requested output tokens (at least 1) is longer than the maximum model length of 8192.",
      ),
      "too-long",
      "too-long",
    ],
    [
      "a prompt that is too long by itself, as 0.32 says it",
      400,
      python(
        "This model's maximum context length is 4096 tokens. However, your prompt contains at least 4097 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=4097)",
        "BadRequestError",
        "input_tokens",
      ),
      "too-long",
      "too-long",
    ],
    [
      "one that is too long with its picture, as 0.32 says it",
      400,
      python("Input length (8848) exceeds model's maximum context length (4096)."),
      "too-long",
      "too-long",
    ],
    [
      "one that leaves no room at all",
      400,
      python(
        "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)",
        "BadRequestError",
        "max_tokens",
      ),
      "too-long",
      "too-long",
    ],
    [
      "a picture that is too large for the encoder",
      400,
      python(
        "The prompt contains a(n) image item with 16384 embedding tokens, which exceeds the pre-allocated encoder cache size 8192.",
      ),
      "too-long",
      "too-long",
    ],
    [
      "a body above 32 MiB",
      413,
      rust("length limit exceeded", "invalid_request_error"),
      "too-long",
      "too-large",
    ],
    [
      "a proxy's limit",
      413,
      "<html><title>413 Request Entity Too Large</title></html>",
      "too-long",
      "too-large",
    ],
    [
      "too many pictures",
      400,
      python(
        "At most 1 image(s) may be provided in one prompt. Set `--limit-mm-per-prompt` …",
        "BadRequestError",
        "image",
      ),
      "misconfigured",
      undefined,
    ],
    [
      "a model without eyes",
      400,
      python("At most 0 image(s) may be provided in one prompt."),
      "misconfigured",
      undefined,
    ],
    ["a text model", 400, python("m is not a multimodal model"), "misconfigured", undefined],
    [
      "a picture that cannot be decoded",
      400,
      python("Failed to load image: cannot identify image file <_io.BytesIO object>"),
      "refused",
      "picture-unreadable",
    ],
    [
      "a picture of too many pixels",
      400,
      python(
        "Image dimensions 20000x20000 (400000000 pixels) exceed the maximum of 178956970 pixels. Set VLLM_MAX_IMAGE_PIXELS",
      ),
      "refused",
      "picture-shape",
    ],
    [
      "a strip",
      400,
      python("absolute aspect ratio must be smaller than 200, got 300.0"),
      "refused",
      "picture-shape",
    ],
    [
      "a strip, as 0.32 says it",
      400,
      python(
        "Failed to apply Qwen3VLProcessor on data={'text': '<|vision_start|><|image_pad|><|vision_end|>', 'images': [<PIL.Image.Image image mode=RGB size=2010x10>]} with kwargs={'text_kwargs': {'truncation': False}}",
      ),
      "refused",
      "picture-shape",
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
      "refused",
      "picture-shape",
    ],
    ["wrong base64", 400, python("Incorrect padding"), "refused", "picture-unreadable"],
    ["other wrong base64", 400, python("Only base64 data is allowed"), "refused", "picture-unreadable"],
    [
      "a data URL that is not base64",
      501,
      python("Only base64 data URLs are supported for now.", "NotImplementedError", null, 501),
      "misconfigured",
      undefined,
    ],
    [
      "a picture that cannot be fetched",
      422,
      python(
        "Failed to fetch media from URL: HTTP 404 error (parameter=image_url, value=http://b/c.png)",
        "UnprocessableEntityError",
        "image_url",
        422,
      ),
      "refused",
      "picture-unreadable",
    ],
    ["an empty message", 500, python("", "InternalServerError", null, 500), "transient", "server-error"],
    [
      "files that may not be read",
      500,
      python(
        "Cannot load local files without `--allowed-local-media-path`.",
        "InternalServerError",
        null,
        500,
      ),
      "misconfigured",
      undefined,
    ],
    [
      "a file outside of the folder",
      400,
      python("The file path <path> must be a subpath of `--allowed-local-media-path` <path>."),
      "misconfigured",
      undefined,
    ],
    [
      "a file that is not there",
      500,
      python("[Errno 2] No such file or directory: <path>", "InternalServerError", null, 500),
      "refused",
      "picture-not-there",
    ],
    [
      "an unknown model",
      404,
      python("The model `x` does not exist.", "NotFoundError", "model", 404),
      "misconfigured",
      undefined,
    ],
    [
      "an unknown model, in Rust",
      404,
      rust("The model `x` does not exist.", "model_not_found"),
      "misconfigured",
      undefined,
    ],
    ["an unknown route", 404, python("Not Found", "Not Found", null, 404), "misconfigured", undefined],
    ["FastAPI's unknown route", 404, { detail: "Not Found" }, "misconfigured", undefined],
    [
      "a field that is wrong",
      400,
      python("1 validation error …", "Bad Request", "body.temperature"),
      "misconfigured",
      undefined,
    ],
    [
      "words that are no text",
      400,
      python("1 validation error …", "Bad Request", "body.messages.0"),
      "refused",
      "request-refused",
    ],
    [
      "a wrong content type",
      400,
      python("Unsupported Media Type: Only 'application/json' is allowed"),
      "misconfigured",
      undefined,
    ],
    [
      "a wrong content type, as 0.32 says it",
      400,
      python(
        "1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed",
        "Bad Request",
      ),
      "misconfigured",
      undefined,
    ],
    [
      "a failure that may pass",
      503,
      python("Request failed; please retry", "Service Unavailable", null, 503),
      "transient",
      "server-error",
    ],
    [
      "sampling out of range",
      400,
      python("top_p must be in (0, 1], got 7.0.", "BadRequestError", "top_p"),
      "misconfigured",
      undefined,
    ],
    [
      "a schema it cannot follow",
      400,
      python("The provided JSON schema contains features not supported by xgrammar."),
      "misconfigured",
      undefined,
    ],
    [
      "a failure of one request",
      500,
      python("Internal server error", "InternalServerError", null, 500),
      "transient",
      "server-error",
    ],
    [
      "a failure, in Rust",
      500,
      rust("internal", "server_error", "server_error"),
      "transient",
      "server-error",
    ],
    [
      "a dead engine",
      500,
      python(
        "EngineCore encountered an issue. See stack trace (above) for the root cause.",
        "InternalServerError",
        null,
        500,
      ),
      "lost",
      "engine-dead",
    ],
    [
      "a dead engine of an older version",
      500,
      python("EngineDeadError", "InternalServerError", null, 500),
      "lost",
      "engine-dead",
    ],
    [
      "a queue that is full",
      503,
      python("The server is overloaded", "ServiceUnavailable", null, 503),
      "overloaded",
      undefined,
    ],
    [
      "a model that is scaled",
      503,
      { error: "The model is currently scaling. Please try again later." },
      "overloaded",
      undefined,
    ],
    ["a wrong key", 401, { error: "Unauthorized" }, "misconfigured", undefined],
    ["a forbidden address", 403, "<h1>403 Forbidden</h1>", "misconfigured", undefined],
    [
      "an older version's shape",
      400,
      { object: "error", message: "Incorrect padding", type: "x", code: 400 },
      "refused",
      "picture-unreadable",
    ],
    ["something new", 418, { error: { message: "teapot" } }, "refused", "request-refused"],
    [
      "a page of a proxy",
      502,
      "<html><head><title>502 Bad Gateway</title></head><body>…",
      "transient",
      "server-error",
    ],
    [
      "an impatient proxy",
      504,
      "<html><title>504 Gateway Time-out</title></html>",
      "transient",
      "server-slow",
    ],
    [
      "a busy proxy",
      503,
      "<html><title>503 Service Temporarily Unavailable</title></html>",
      "overloaded",
      undefined,
    ],
    ["a proxy's limit of requests", 429, "", "overloaded", undefined],
    [
      "a used up quota",
      429,
      rust("You exceeded your current quota", "insufficient_quota"),
      "misconfigured",
      undefined,
    ],
    ["a redirect", 307, "", "misconfigured", undefined],
    ["nothing that HTTP knows", 299, "", "transient", "answer-unreadable"],
  ])("%s", (_, status, body, kind, reason) => {
    expect(kindAndReason(status, body)).toEqual([kind, reason]);
  });

  test("what is fatal at one status is not where the paper's words may stand in the message", () => {
    const echo = python("invalid character in: EngineCore encountered an issue");
    expect(classify(400, echo).kind).toBe("refused");
  });

  test("messages name the figure and the server, say what it said and what to do", () => {
    const outcome = classify(400, python("Failed to load image: cannot\nidentify \u001b[31mimage file"));
    expect(outcome).toEqual({
      kind: "refused",
      problem: {
        reason: "picture-unreadable",
        message:
          "p#fig1: the server cannot read the picture (http://a says HTTP 400: Failed to load image: cannot identify [31mimage file)",
        wayOut: "look at the figure's picture; render it again, or leave the figure out",
      },
    });
    expect(classify(401, { error: "Unauthorized" })).toEqual({
      kind: "misconfigured",
      message:
        "The server does not accept the key (http://a says HTTP 401: Unauthorized); set FIGLOOM_API_KEY to a key that it accepts.",
    });
  });

  test("of an endless message the beginning is told", () => {
    const outcome = classify(418, python("x".repeat(1_000_000)));
    expect(JSON.stringify(outcome).length).toBeLessThan(1000);
  });

  test.each([
    ["7", 7000],
    ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
    ["soon", null],
  ])("what an overloaded server asks for is passed on: %s", (header, after) => {
    expect(classify(429, "", { "retry-after": header })).toEqual({ kind: "overloaded", after });
  });
});

describe("replies with status 200", () => {
  const usage = {
    prompt_tokens: 900,
    completion_tokens: 20,
    prompt_tokens_details: { cached_tokens: 300, multimodal_tokens: { image: 192 } },
  };
  const answer = (content: unknown, finish_reason: unknown, more = {}) => ({
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason }],
    usage,
    ...more,
  });

  test.each(["stop", "length", "repetition"])("that end with %s are answers", (finish_reason) => {
    expect(classify(200, answer("A plot.", finish_reason))).toEqual({
      kind: "answered",
      answer: {
        text: "A plot.",
        finish_reason,
        prompt_tokens: 900,
        completion_tokens: 20,
        image_tokens: 192,
        cached_tokens: 300,
      },
    });
  });

  test("without details of the usage, or without words, are answers too", () => {
    const outcome = classify(
      200,
      answer(null, "stop", {
        usage: { prompt_tokens: 1, completion_tokens: -1, prompt_tokens_details: null },
      }),
    );
    expect(outcome).toMatchObject({
      answer: { text: "", prompt_tokens: 1, completion_tokens: 0, image_tokens: null, cached_tokens: null },
    });
  });

  test.each([
    ["given up", answer("A", "abort")],
    ["failed", answer("A", "error")],
    ["unfinished", answer("A", null)],
    ["empty", { choices: [] }],
    ["of another shape", { choices: 7 }],
    ["nothing", null],
    ["a page", "<html>Please log in</html>"],
    ["cut off", '{"choices":[{"ind'],
  ])("that are %s are tried again", (_, body) => {
    expect(classify(200, body).kind).toBe("transient");
  });

  test("that hold an error mean what the error means", () => {
    const dead = python("EngineCore encountered an issue.", "InternalServerError", null, 500);
    expect(classify(200, dead)).toMatchObject({ kind: "lost", accepted: true });
    expect(classify(200, { error: "boom" }).kind).toBe("transient");
    expect(
      classify(200, { ...answer("A", "stop"), ...python("x longer than the maximum model length") }).kind,
    ).toBe("too-long");
  });
});

describe("no reply", () => {
  const fail = (code: string, sent: boolean, replied = false) =>
    classifyFailure(new NetworkError("why", code, sent, replied), ASKED);

  test("only a server that was never reached cannot have the request", () => {
    expect(fail("ECONNREFUSED", false)).toMatchObject({ kind: "lost", accepted: false });
    expect(fail("UND_ERR_SOCKET", true)).toMatchObject({ kind: "lost", accepted: true });
    expect(fail("ECONNRESET", true, true)).toMatchObject({
      kind: "lost",
      accepted: true,
      problem: { message: "the connection to http://a broke while it answered about p#fig1 (ECONNRESET)" },
    });
  });

  test("a certificate that is not trusted stops the run, a garbled reply does not", () => {
    expect(fail("DEPTH_ZERO_SELF_SIGNED_CERT", false).kind).toBe("misconfigured");
    expect(fail("HPE_INVALID_CONSTANT", true).kind).toBe("transient");
    expect(fail("FIGLOOM_REPLY_TOO_LARGE", true, true).kind).toBe("transient");
  });
});
