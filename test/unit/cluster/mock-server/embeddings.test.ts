import { expect, test } from "vitest";
import type { MockServer, MockServerOptions } from "../../../../cluster/src/mock-server/index.js";
import { imagePart, picture, serve, textPart } from "./client.js";

const CLIP = "openai/clip-vit-base-patch32";
const SIGLIP = "google/siglip2-base-patch16-224";

const vectors = (options: MockServerOptions = {}) => serve({ runner: "pooling", model: CLIP, ...options });

async function ask(server: MockServer, body: object, path = "/v1/embeddings") {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const user = (...parts: unknown[]) => ({ messages: [{ role: "user", content: parts }] });

async function vectorOf(server: MockServer, body: object): Promise<number[]> {
  const { data } = (await ask(server, body)).body as { data: { embedding: number[] }[] };
  return data[0]!.embedding;
}

const cosine = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

test("texts, tokens and a picture get vectors of length 1, the same every time", async () => {
  const server = await vectors();
  const { body } = await ask(server, { input: ["a cat", "two cats"] });
  expect(body).toMatchObject({
    object: "list",
    model: CLIP,
    usage: { prompt_tokens: 8, completion_tokens: 0 },
  });
  const text = await vectorOf(server, { input: "a cat" });
  expect(cosine(text, text)).toBeCloseTo(1, 5);
  const { tokens } = (await ask(server, { prompt: "a cat" }, "/tokenize")).body;
  expect(await vectorOf(server, { input: [tokens] })).toEqual(text);
  const red = await vectorOf(server, user(imagePart(await picture(64, 64, "red"))));
  expect(red).toHaveLength(text.length);
  expect(await vectorOf(server, user(imagePart(await picture(64, 64, "red"))))).toEqual(red);
});

test("vectors come as the bytes of floats, too", async () => {
  const server = await vectors();
  const plain = await vectorOf(server, { input: "a cat" });
  const { data } = (await ask(server, { input: "a cat", encoding_format: "base64" })).body as {
    data: { embedding: string }[];
  };
  const bytes = Buffer.from(data[0]!.embedding, "base64");
  expect(plain.map((_, i) => bytes.readFloatLE(4 * i))).toEqual(plain);
});

test("a caption that tells the truth about a picture is more like it than another's", async () => {
  const server = await vectors();
  const sizes = [40, 300, 777];
  const figures = await Promise.all(
    sizes.map(async (size) => vectorOf(server, user(imagePart(await picture(size, size, "white"))))),
  );
  const captions = await Promise.all(
    sizes.map((size) => vectorOf(server, { input: `The picture is ${size} × ${size} pixels.` })),
  );
  figures.forEach((figure, i) => {
    const best = captions.map((caption) => cosine(figure, caption));
    expect(best.indexOf(Math.max(...best))).toBe(i);
  });
});

test("SigLIP's vectors of texts are of use only where they were filled up", async () => {
  const server = await vectors({ model: SIGLIP });
  const figure = await vectorOf(server, user(imagePart(await picture(40, 40))));
  const input = "The picture is 40 × 40 pixels.";
  const filled = cosine(figure, await vectorOf(server, { input, padding: "max_length" }));
  expect(filled).toBeGreaterThan(0.5);
  expect(cosine(figure, await vectorOf(server, { input }))).toBeLessThan(0.2);
});

test("what is too long is refused, or cut where that is asked for", async () => {
  const server = await vectors();
  const input = "word ".repeat(100);
  expect(await ask(server, { input })).toMatchObject({
    status: 400,
    body: { error: { param: "input_tokens", message: /maximum context length is 77 tokens/ } },
  } as object);
  const cut = await ask(server, { input, truncate_prompt_tokens: -1 });
  expect(cut).toMatchObject({ status: 200, body: { usage: { prompt_tokens: 77 } } });
});

test.each<[string, object | (() => Promise<object>), RegExp]>([
  [
    "a text with a picture",
    async () => user(imagePart(await picture()), textPart("a cat")),
    /^CLIP accepts text-only or image-only/,
  ],
  [
    "two pictures",
    async () => user(imagePart(await picture()), imagePart(await picture(9, 9))),
    /^At most 1 image/,
  ],
  ["no text", { input: [] }, /^You must pass at least one prompt$/],
  ["no token", { input: [[]] }, /^The decoder prompt cannot be empty$/],
  [
    "a token of another model",
    { input: [[49_406, 99_999, 49_407]] },
    /^Token id 99999 is out of vocabulary$/,
  ],
  ["a parameter of old", { input: "a", normalize: true }, /`normalize` was removed/],
  [
    "bytes that are no picture",
    user({ type: "image_url", image_url: { url: "data:image/png;base64,bm9wZQ==" } }),
    /cannot identify image file/,
  ],
])("%s is refused", async (_, given, message) => {
  const body = typeof given === "function" ? await given() : given;
  const answer = await ask(await vectors(), body);
  expect(answer.status).toBe(400);
  expect((answer.body.error as { message: string }).message).toMatch(message);
});

test("a server has the routes that its model can answer", async () => {
  const chat = { messages: [{ role: "user", content: "hello" }] };
  expect((await ask(await vectors(), chat, "/v1/chat/completions")).status).toBe(404);
  expect((await ask(await serve(), { input: "a cat" })).status).toBe(404);
});

test("faults happen to vectors, too", async () => {
  const server = await vectors({
    faults: { rules: [{ fault: { kind: "error", error: "overloaded" }, times: 1 }] },
  });
  expect((await ask(server, { input: "a cat" })).status).toBe(503);
  expect((await ask(server, { input: "a cat" })).status).toBe(200);
  expect(server.report()).toMatchObject({ requests: 2, faults: { error: 1 } } as object);
});
