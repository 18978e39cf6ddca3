import { setMaxListeners } from "node:events";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MockServer, type MockServerOptions } from "../../../../../cluster/src/mock-server/index.js";
import type { Embedder } from "../../../../../kernel-lib/src/scores/clip/embedder.js";
import { clip } from "../../../../../kernel-lib/src/scores/clip/clip.js";
import { scorerOf } from "../../../../../kernel-lib/src/scores/named.js";
import { endpointEmbedder } from "../../../../../kernel-lib/src/scores/clip/endpoint-embedder.js";

const CLIP = "openai/clip-vit-base-patch32";
const { signal } = new AbortController();
// All that a test asks has the same.
setMaxListeners(0, signal);

let folder: string;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-embed-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  await rm(folder, { recursive: true });
});

async function serve(options: MockServerOptions = {}): Promise<MockServer> {
  const server = await MockServer.start({ runner: "pooling", model: CLIP, speed: 100, ...options });
  open.push(server);
  return server;
}

function embedder(servers: readonly MockServer[], options: { model?: string } = {}): Embedder {
  const endpoints = servers.map(({ url }) => url);
  const made = endpointEmbedder({ endpoints, onWarning: () => undefined, patience: 1, ...options });
  open.push(made);
  return made;
}

async function ready(servers: readonly MockServer[]): Promise<Embedder> {
  const made = embedder(servers);
  await made.ready({ signal, folder });
  return made;
}

async function figure(size: number): Promise<string> {
  const path = join(folder, `${size}.png`);
  await sharp({ create: { width: size, height: size, channels: 3, background: "white" } })
    .png()
    .toFile(path);
  return path;
}

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const captionOf = (size: number): string => `The picture is ${size} × ${size} pixels.`;

describe.each([
  ["CLIP", CLIP, 75],
  ["SigLIP", "google/siglip-base-patch16-224", 63],
  ["the second SigLIP", "google/siglip2-base-patch16-224", 63],
])("%s", (_, model, most) => {
  test("finds the caption of each picture, and tells what was cut off", async () => {
    const server = await serve({ model });
    const made = await ready([server]);
    expect(made.id).toBe(`${model}@vllm`);
    const sizes = [40, 300, 777];
    const pictures = await Promise.all(sizes.map(async (size) => made.image(await figure(size), { signal })));
    const texts = await made.texts([...sizes.map(captionOf), "word ".repeat(100), ""], { signal });
    pictures.forEach((picture, i) => {
      const fits = texts.slice(0, 3).map(({ vector }) => cosine(picture, vector));
      expect(fits.indexOf(Math.max(...fits))).toBe(i);
      expect(fits[i]).toBeGreaterThan(0.5);
    });
    expect(texts.map(({ tokens, cut }) => [tokens, cut])).toEqual([
      [8, 0],
      [8, 0],
      [8, 0],
      [100, 100 - most],
      [0, 0],
    ]);
    expect(server.report().by_status).not.toHaveProperty("400");
  });
});

test("pictures are read where they stand if servers may, and sent as they are if not", async () => {
  const path = await figure(40);
  const reading = await (
    await ready([await serve({ allowedLocalMediaPath: folder })])
  ).image(path, { signal });
  expect(await (await ready([await serve()])).image(path, { signal })).toEqual(reading);
});

test("work goes over all servers, and on when one of them dies or stumbles", async () => {
  const servers = await Promise.all([
    serve({ faults: { rules: [{ match: { nth: 30 }, fault: { kind: "death" } }] }, exitMilliseconds: 0 }),
    serve({
      faults: {
        seed: 1,
        rules: [
          { match: { probability: 0.1 }, fault: { kind: "error", error: "generation" } },
          { match: { probability: 0.1 }, fault: { kind: "broken-body" } },
          { match: { probability: 0.1 }, fault: { kind: "error", error: "overloaded" } },
        ],
      },
    }),
    serve(),
  ]);
  const made = await ready(servers);
  const path = await figure(50);
  const asked = Array.from({ length: 150 }, (_, i) => `caption ${i} of a long list`);
  const alone = (await ready([await serve()])).texts(asked, { signal });
  const [vectors] = await Promise.all([
    Promise.all(asked.map(async (text) => (await made.texts([text], { signal }))[0])),
    ...Array.from({ length: 50 }, () => made.image(path, { signal })),
  ]);
  expect(vectors).toEqual(await alone);
  for (const server of servers) expect(server.report().requests).toBeGreaterThan(10);
});

test("a picture that cannot be read is a problem of its own", async () => {
  const made = await ready([await serve()]);
  const broken = join(folder, "broken.png");
  await writeFile(broken, "no picture");
  await expect(made.image(broken, { signal })).rejects.toMatchObject({ reason: "picture-unreadable" });
  await expect(made.image(join(folder, "none.png"), { signal })).rejects.toMatchObject({
    reason: "image-missing",
  });
  await symlink("/etc/hostname", join(folder, "link.png"));
  await expect(made.image(join(folder, "link.png"), { signal })).rejects.toMatchObject({
    reason: "image-outside",
  });
});

test("it is used again after it was closed", async () => {
  const made = await ready([await serve()]);
  const [before] = await made.texts(["a cat"], { signal });
  await made.close();
  await made.ready({ signal, folder });
  expect(await made.texts(["a cat"], { signal })).toEqual([before]);
});

test("the metric says who made its vectors, and can be made anew from its spec", async () => {
  const server = await serve();
  const scorer = clip({ endpoints: server.url });
  open.push({ close: async () => scorer.close?.() });
  await scorer.identify?.({});
  expect(scorer.id).toBe(`${CLIP}@vllm`);
  expect(scorer.spec).toEqual({ kind: "clip", options: { endpoints: [server.url] } });
  expect(scorerOf(scorer.spec!).metric).toBe("clip");
  expect(() => scorerOf({ kind: "clip", options: { endpoints: [] } })).toThrow(
    /The option "endpoints" of "clip"/,
  );
});

describe("before work starts it is said", () => {
  test.each<[string, () => Promise<Embedder>, RegExp]>([
    [
      "that a server writes captions and makes no vectors",
      async () => embedder([await serve({ runner: "generate" })]),
      /no interface for embeddings at this address.*--runner pooling/,
    ],
    [
      "that a server is too old to be right",
      async () => embedder([await serve({ version: "0.28.0" })]),
      /runs vLLM 0\.28\.0, which gives wrong vectors of texts while it has pictures/,
    ],
    [
      "that another model is served",
      async () => embedder([await serve()], { model: "google/siglip-large" }),
      /does not serve the model "google\/siglip-large"; it serves "openai/,
    ],
    [
      "that nobody is there",
      () =>
        Promise.resolve(
          endpointEmbedder({ endpoints: ["http://127.0.0.1:9"], patience: 0, onWarning: () => undefined }),
        ),
      /No server can be asked/,
    ],
    [
      "that the key is wrong",
      async () => embedder([await serve({ apiKey: "secret-of-the-site" })]),
      /does not accept the key/,
    ],
  ])("%s", async (_, make, message) => {
    const made = await make();
    await expect(made.ready({ signal, folder })).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringMatching(message) as string,
    });
    await made.close();
  });

  test("that an address is none", () => {
    expect(() => endpointEmbedder({ endpoints: [] })).toThrow(/No server is named that gives vectors/);
    expect(() => endpointEmbedder({ endpoints: ["clip"] })).toThrow(/"clip" is no address of a server/);
  });
});
