import { describe, expect, test } from "vitest";
import { chatBody, type Question } from "../../../../../kernel-lib/src/captions/vllm/request.js";

const SAMPLING = {
  temperature: 0.2,
  top_p: 0.9,
  top_k: 20,
  repetition_penalty: 1,
  presence_penalty: 0,
  max_tokens: 400,
  seed: 7,
};
const base64 = Buffer.from("AAAA");
const data = { source: { kind: "data", prefix: "data:image/png;base64,", base64 }, uuid: "ab12" } as const;
const file = { source: { kind: "file", url: "file:///a/b%22.png" }, uuid: "ab12" } as const;
const QUESTION: Question = {
  model: "m",
  asked: { system: "Say.", user: "Words." },
  picture: data,
  sampling: SAMPLING,
  answer: "text",
  stream: false,
  priority: undefined,
};

function sent(more: Partial<Question>) {
  const { pieces, bytes } = chatBody({ ...QUESTION, ...more });
  const whole = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  expect(whole.length).toBe(bytes);
  return { pieces, body: JSON.parse(whole.toString()) as Record<string, unknown> };
}

describe("a request", () => {
  test("has the constant words, then the picture, then what varies, and all of the sampling", () => {
    const { body } = sent({});
    expect(body).toEqual({
      model: "m",
      messages: [
        { role: "system", content: "Say." },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" }, uuid: "ab12" },
            { type: "text", text: "Words." },
          ],
        },
      ],
      ...SAMPLING,
      repetition_detection: { max_pattern_size: 64, min_pattern_size: 2, min_count: 8 },
    });
  });

  test("holds whole characters only", () => {
    const { messages } = sent({ asked: { system: "a\ud835", user: "\udcaa 𝒪" } }).body as {
      messages: { content: unknown }[];
    };
    expect(messages[0]!.content).toBe("a\ufffd");
    expect(messages[1]!.content).toContainEqual({ type: "text", text: "\ufffd 𝒪" });
  });

  test("takes the picture's bytes as they are", () => {
    expect(sent({}).pieces[1]).toBe(base64);
  });

  test("is not led astray by a paper that speaks of requests", () => {
    const user = 'x"},"uuid":"ab12"} \\ \u2028 "image_url":{"url":"';
    for (const picture of [data, file]) {
      const { messages } = sent({ picture, asked: { system: user, user } }).body as {
        messages: [{ content: string }, { content: [{ image_url: { url: string } }, { text: string }] }];
      };
      expect(messages[0].content).toBe(user);
      expect(messages[1].content[1].text).toBe(user);
      expect(messages[1].content[0].image_url.url).toBe(
        picture === file ? "file:///a/b%22.png" : "data:image/png;base64,AAAA",
      );
    }
  });

  test("asks for a schema, a stream or a priority only where they are wanted", () => {
    const schema = { type: "object" };
    const { body } = sent({ answer: { name: "caption", schema }, stream: true, priority: 1 });
    expect(body).toMatchObject({
      response_format: { type: "json_schema", json_schema: { name: "caption", schema, strict: true } },
      stream: true,
      stream_options: { include_usage: true },
      priority: 1,
    });
    expect(Object.keys(sent({}).body)).not.toEqual(expect.arrayContaining(["stream"]));
  });
});
