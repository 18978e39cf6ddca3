import { expect, test } from "vitest";
import { answered, post, question, serve } from "./client.js";

const TEXT =
  "The measured cross section falls off quickly above 5 GeV. The line is a fit to all of the points.";

/** The data of every event, parsed where it is JSON. */
async function events(response: Response): Promise<unknown[]> {
  const text = await response.text();
  expect(text.endsWith("\n\n")).toBe(true);
  return text
    .trim()
    .split("\n\n")
    .map((event) => {
      expect(event.startsWith("data: ")).toBe(true);
      const data = event.slice("data: ".length);
      return data === "[DONE]" ? data : JSON.parse(data);
    });
}

interface Chunk {
  id: string;
  object: string;
  choices: { delta: { role?: string; content?: string }; finish_reason: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number };
}

test("a stream says the role, then the same words as a whole answer, then why it ended, then [DONE]", async () => {
  const server = await serve({ speed: 20 });
  const whole = await answered(await post(server, question(TEXT)));
  const response = await post(server, question(TEXT, { stream: true }), { id: "s/1" });
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const all = await events(response);
  expect(all.at(-1)).toBe("[DONE]");
  const chunks = all.slice(0, -1) as Chunk[];
  expect(chunks[0]!.choices[0]!.delta).toEqual({ role: "assistant", content: "" });
  expect(chunks.map(({ choices }) => choices[0]!.delta.content).join("")).toBe(whole);
  expect(chunks.map(({ choices }) => choices[0]!.finish_reason).filter(Boolean)).toEqual(["stop"]);
  expect(chunks.every(({ id, object }) => id === "chatcmpl-s/1" && object === "chat.completion.chunk")).toBe(
    true,
  );
  expect(chunks.some(({ usage }) => usage)).toBe(false);
});

test("the usage comes alone before [DONE] when it is asked for", async () => {
  const server = await serve();
  const body = question(TEXT, { stream: true, stream_options: { include_usage: true } });
  const all = await events(await post(server, body));
  const last = all.at(-2) as Chunk;
  expect(last.choices).toEqual([]);
  expect(last.usage!.completion_tokens).toBeGreaterThan(0);
});

test("every chunk has the usage so far when that is asked for", async () => {
  const server = await serve({ speed: 5 });
  const options = { include_usage: true, continuous_usage_stats: true };
  const all = await events(await post(server, question(TEXT, { stream: true, stream_options: options })));
  const counts = (all.slice(0, -1) as Chunk[]).map(({ usage }) => usage!.completion_tokens);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
});

test("an error in the middle comes with HTTP 200, and [DONE] follows it", async () => {
  const server = await serve({ faults: { rules: [{ fault: { kind: "stream-error" } }] } });
  const response = await post(server, question(TEXT, { stream: true }));
  expect(response.status).toBe(200);
  const all = await events(response);
  expect(all.at(-1)).toBe("[DONE]");
  expect(all.at(-2)).toMatchObject({ error: { message: "Internal server error", code: 500 } });
});

test("an engine's death ends a stream with an error or a broken connection, never with an answer", async () => {
  const server = await serve({ speed: 0.001, keepAliveOnEngineDeath: true });
  const streams = await Promise.all(
    Array.from({ length: 12 }, (_, at) => post(server, question(TEXT, { stream: true }), { id: `s/${at}` })),
  );
  server.die();
  const ends = await Promise.all(
    streams.map((response) =>
      response.text().then(
        (text) => (text.includes("EngineCore encountered an issue") ? "error" : text),
        () => "broken",
      ),
    ),
  );
  expect(new Set(ends)).toEqual(new Set(["error", "broken"]));
});
