import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { schemaAnswer } from "../../../../cluster/src/mock-server/schema-answer.js";
import { answered, MODEL, post, question, serve } from "./client.js";

/** Names of vLLM's `v1/metrics/loggers.py`, as a scrape shows them. */
const METRICS = [
  "vllm:num_requests_running",
  "vllm:num_requests_waiting",
  "vllm:num_requests_waiting_by_reason",
  "vllm:kv_cache_usage_perc",
  "vllm:num_preemptions_total",
  "vllm:prompt_tokens_total",
  "vllm:prompt_tokens_by_source_total",
  "vllm:prompt_tokens_cached_total",
  "vllm:generation_tokens_total",
  "vllm:request_success_total",
  "vllm:prefix_cache_queries_total",
  "vllm:prefix_cache_hits_total",
  "vllm:mm_cache_queries_total",
  "vllm:mm_cache_hits_total",
  "vllm:engine_sleep_state",
  "vllm:cache_config_info",
  "vllm:corrupted_requests_total",
  ...[
    "time_to_first_token_seconds",
    "inter_token_latency_seconds",
    "request_time_per_output_token_seconds",
    "e2e_request_latency_seconds",
    "request_queue_time_seconds",
    "request_prefill_time_seconds",
    "request_decode_time_seconds",
    "request_inference_time_seconds",
    "request_prompt_tokens",
    "request_generation_tokens",
  ].flatMap((name) => [`vllm:${name}_bucket`, `vllm:${name}_sum`, `vllm:${name}_count`]),
];

test("every metric has vLLM's name, its model and its engine", async () => {
  const server = await serve();
  await post(server, question("Some words."));
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split("\n").filter((line) => line.startsWith("vllm:"));
  for (const line of lines) {
    expect(line).toMatch(/^[\w:]+\{[^}]*\} [\d.e+-]+$/);
    expect(line).toContain(`model_name="${MODEL}"`);
    expect(line).toContain('engine="0"');
  }
  const names = new Set(lines.map((line) => line.split("{", 1)[0]!));
  expect([...names].sort()).toEqual([...METRICS].sort());
  expect(lines.filter((line) => line.includes('finished_reason="')).length).toBe(5);
});

test("models, version, health, load", async () => {
  const server = await serve({ model: "qwen3-vl", version: "0.28.1", maxModelLen: 8192 });
  const get = async (path: string) => (await fetch(server.url + path)).json();
  expect(await get("/v1/models")).toMatchObject({
    object: "list",
    data: [{ id: "qwen3-vl", object: "model", owned_by: "vllm", max_model_len: 8192, parent: null }],
  });
  expect(await get("/version")).toEqual({ version: "0.28.1" });
  expect(await get("/load")).toEqual({ server_load: 0 });
  const health = await fetch(`${server.url}/health`);
  expect([health.status, await health.text()]).toEqual([200, ""]);
  expect((await fetch(`${server.url}/ping`, { method: "POST" })).status).toBe(200);
});

test("text is tokenized by the rule that it is counted by", async () => {
  const server = await serve();
  const count = async (body: object) =>
    (
      await (
        await fetch(`${server.url}/tokenize`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        })
      ).json()
    ).count;
  expect(await count({ prompt: "a".repeat(10) })).toBe(3);
  const messages = [{ role: "user", content: "a".repeat(10) }];
  const { usage } = await (await post(server, question("", { messages }))).json();
  expect(await count({ messages })).toBe(usage.prompt_tokens);
});

test("an idle connection is closed, and nothing says when", async () => {
  const server = await serve({ keepAliveMilliseconds: 50 });
  const socket = connect(server.port, "127.0.0.1");
  let text = "";
  socket.on("data", (piece) => (text += String(piece)));
  socket.write("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
  await once(socket, "close");
  expect(text).toMatch(/^HTTP\/1\.1 200/);
  expect(text.toLowerCase()).not.toContain("keep-alive");
});

test("a schema is answered with JSON that fits it", async () => {
  const server = await serve();
  const schema = {
    type: "object",
    properties: {
      caption: { type: "string", maxLength: 40 },
      kind: { enum: ["chart", "photo"] },
      numbers: {
        type: "array",
        minItems: 1,
        items: {
          type: "object",
          properties: { value: { type: "number" }, source: { type: "string" } },
          required: ["value", "source"],
        },
      },
    },
    required: ["caption", "kind", "numbers"],
    additionalProperties: false,
  };
  const response_format = { type: "json_schema", json_schema: { name: "caption", schema, strict: true } };
  const text = await answered(
    await post(server, question("The peak of 3.2 mb is at 5 GeV.", { response_format })),
  );
  const found = JSON.parse(text);
  expect(Object.keys(found)).toEqual(["caption", "kind", "numbers"]);
  expect(found.caption.length).toBeLessThanOrEqual(40);
  expect(found.kind).toBe("chart");
  expect(found.numbers.length).toBeGreaterThan(0);
  expect(typeof found.numbers[0].value).toBe("number");
});

test.each([
  [{ type: "integer", minimum: 3, maximum: 4 }, 4],
  [{ const: "x" }, "x"],
  [{ anyOf: [{ type: "null" }, { type: "string" }] }, null],
  [{ $ref: "#/$defs/a", $defs: { a: { type: "boolean" } } }, true],
  [{ type: ["string", "null"], minLength: 12 }, "A caption..."],
  [{ type: "array", items: { type: "integer" }, maxItems: 1 }, [7]],
])("the schema %j is filled", (schema, expected) => {
  const text = schemaAnswer(schema, { caption: "A caption", sentences: ["One."], numbers: [7] });
  expect(JSON.parse(text)).toEqual(expected);
});

test("a schema that refers to itself ends", () => {
  const schema = {
    type: "object",
    properties: { next: { $ref: "#" }, words: { type: "array", items: { $ref: "#" } } },
  };
  const text = schemaAnswer(schema, { caption: "", sentences: [], numbers: [] });
  expect(() => JSON.parse(text)).not.toThrow();
  expect(text.length).toBeLessThan(1_000_000);
});

test("the answer ends at max_tokens, and goes on to it where ends are ignored", async () => {
  const server = await serve();
  const ask = async (more: object) =>
    (await post(server, question("Some words about a figure.", more))).json();
  expect(await ask({ max_tokens: 3 })).toMatchObject({
    usage: { completion_tokens: 3 },
    choices: [{ finish_reason: "length" }],
  });
  expect(await ask({ max_tokens: 90, ignore_eos: true })).toMatchObject({
    usage: { completion_tokens: 90 },
    choices: [{ finish_reason: "length" }],
  });
  const fixed = await serve({ answerTokens: 50 });
  const { usage } = await (await post(fixed, question("Some words about a figure."))).json();
  expect(usage.completion_tokens).toBe(50);
});

test("options that no server could have are refused", async () => {
  await expect(serve({ maxNumSeqs: 0 })).rejects.toThrow("maxNumSeqs is 0: give a whole number from 1.");
  await expect(serve({ kvCacheTokens: 100, maxModelLen: 200 })).rejects.toThrow(/cannot hold one request/);
  await expect(serve({ speed: 0 })).rejects.toThrow(/speed is 0/);
});
