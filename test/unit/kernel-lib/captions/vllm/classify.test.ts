import { describe, expect, test } from "vitest";
import { classifyFailure } from "../../../../../kernel-lib/src/captions/vllm/classify.js";
import { NetworkError } from "../../../../../kernel-lib/src/captions/vllm/transport.js";
import { ASKED, classify, python } from "./replies.js";

describe("errors that vLLM answers with", () => {
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
