import { describe, expect, test } from "vitest";
import { StreamedAnswer } from "../../../../../kernel-lib/src/captions/vllm/streamed.js";

const chunk = (content: string | null, finish: string | null = null) =>
  JSON.stringify({ id: "1", model: "m", choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };

function streamed(...events: string[]) {
  const texts: string[] = [];
  const answer = new StreamedAnswer((text) => texts.push(text));
  for (const event of events) answer.push(new TextEncoder().encode(`data: ${event}\n\n`));
  return { body: answer.body(), texts };
}

describe("a streamed answer", () => {
  test("is put together, told of as it grows, with the usage that comes last", () => {
    const { body, texts } = streamed(
      chunk(""),
      chunk("A "),
      chunk("plot"),
      chunk(null, "stop"),
      JSON.stringify({ choices: [], usage }),
      "[DONE]",
    );
    expect(texts).toEqual(["A ", "A plot"]);
    expect(body).toMatchObject({
      choices: [{ message: { content: "A plot" }, finish_reason: "stop" }],
      usage,
    });
  });

  test("an error within it wins, although the stream ends as it should", () => {
    const error = { message: "EngineCore encountered an issue.", type: "InternalServerError", code: 500 };
    const { body, texts } = streamed(chunk("A "), JSON.stringify({ error }), chunk("x", "stop"), "[DONE]");
    expect(body).toEqual({ error });
    expect(texts).toEqual(["A "]);
  });

  test.each([
    ["was cut off before its end", [chunk("A plot", "stop")]],
    ["holds what is no JSON", [chunk("A"), "{", "[DONE]"]],
    ["has nothing in it", []],
  ])("is an error when it %s", (_, events) => {
    expect(streamed(...events).body).toHaveProperty("error.code", 502);
  });

  test.each(["null", "1", "[]", '{"choices":3}', '{"choices":[{"delta":null}]}', '{"choices":[null]}'])(
    "survives an event of %s",
    (event) => {
      expect(streamed(event, chunk("A", "stop"), "[DONE]").body).toHaveProperty("choices");
    },
  );
});
