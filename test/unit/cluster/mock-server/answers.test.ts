import { expect, test } from "vitest";
import { answered, imagePart, metric, picture, post, question, serve, shaOf, textPart } from "./client.js";

const FIGURE = `<caption>Cross section against energy.</caption>
<paragraph>We measured it twice. <refers>The cross section of 3.2 mb peaks at 5 GeV.</refers> It falls off quickly.</paragraph>`;

test("a picture and its text are answered with a caption out of them and the tokens that it took", async () => {
  const server = await serve();
  const bytes = await picture(640, 480);
  const response = await post(server, question([imagePart(bytes), textPart(FIGURE)]), { id: "run/1" });
  expect(response.status).toBe(200);
  const body = await response.json();
  expect(body).toMatchObject({
    id: "chatcmpl-run/1",
    object: "chat.completion",
    model: "figloom-mock-vl",
    choices: [{ index: 0, message: { role: "assistant" }, finish_reason: "stop" }],
    usage: { prompt_tokens_details: { cached_tokens: 0, multimodal_tokens: { image: 300 } } },
  });
  expect(body.choices[0].message.content).toMatch(/Cross section|cross section/);
  expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens);
  expect(server.report()).toMatchObject({
    requests: 1,
    by_status: { 200: 1 },
    ids: { "run/1": { asked: 1, outcome: "200 stop" } },
  });
});

test("the same request is answered the same, another prompt otherwise", async () => {
  const server = await serve();
  const parts = [imagePart(await picture()), textPart(FIGURE)];
  const ask = async (system: string, more: object = {}) =>
    answered(
      await post(server, {
        ...question(parts, more),
        messages: [
          { role: "system", content: system },
          { role: "user", content: parts },
        ],
      }),
    );
  const first = await ask("Describe the figure in detail.");
  expect(await ask("Describe the figure in detail.")).toBe(first);
  const others = await Promise.all(
    ["Read the chart.", "Write for a lay reader.", "Say what is plotted, with numbers."].map((prompt) =>
      ask(prompt),
    ),
  );
  expect(others.some((other) => other !== first)).toBe(true);
  const seeds = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((seed) => ask("Describe.", { temperature: 1, seed })),
  );
  expect(new Set(seeds).size).toBeGreaterThan(1);
  expect((await ask("One sentence, please.")).match(/[.!?](\s|$)/g)).toHaveLength(1);
  expect((await ask("Use at most 4 words.")).split(" ").length).toBeLessThanOrEqual(4);
});

test("a picture under another's uuid is refused and listed", async () => {
  const server = await serve();
  const [bytes, other] = [await picture(64, 64, "red"), await picture(64, 64, "blue")];
  const response = await post(server, question([imagePart(bytes, shaOf(other))]), { id: "x" });
  expect(response.status).toBe(400);
  expect((await response.json()).error.message).toContain("No real server would notice");
  expect(server.report()).toMatchObject({
    wrong_pictures: [{ id: "x", uuid: shaOf(other), sha: shaOf(bytes) }],
    wrong_pictures_total: 1,
  });
});

test("a picture that came before is known again", async () => {
  const server = await serve();
  const bytes = await picture();
  for (let time = 0; time < 3; time++) await post(server, question([imagePart(bytes)]));
  expect(await metric(server, "vllm:mm_cache_queries_total")).toBe(3);
  expect(await metric(server, "vllm:mm_cache_hits_total")).toBe(2);
  const again = await post(server, question([{ type: "image_url", image_url: null, uuid: shaOf(bytes) }]));
  expect(again.status).toBe(200);
  const unknown = await post(server, question([{ type: "image_url", image_url: null, uuid: "other" }]));
  expect(unknown.status).toBe(400);
});

test("the count of finished requests and of tokens stands in the metrics", async () => {
  const server = await serve();
  const response = await post(server, question("Some words about a figure that says little."));
  const { usage } = await response.json();
  expect(await metric(server, "vllm:prompt_tokens_total")).toBe(usage.prompt_tokens);
  expect(await metric(server, "vllm:generation_tokens_total")).toBe(usage.completion_tokens);
  expect(await metric(server, "vllm:request_success_total", 'finished_reason="stop"')).toBe(1);
  expect(await metric(server, "vllm:num_requests_running")).toBe(0);
});
