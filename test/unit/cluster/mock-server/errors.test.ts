import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MockServerOptions } from "../../../../cluster/src/mock-server/index.js";
import { dataUrl, imagePart, picture, post, question, serve, textPart } from "./client.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mock-server-"));
  await mkdir(join(folder, "figures"));
  await writeFile(join(folder, "outside.png"), await picture());
  await writeFile(join(folder, "figures", "inside.png"), await picture());
  await symlink(join(folder, "outside.png"), join(folder, "figures", "link.png"));
});
afterAll(() => rm(folder, { recursive: true }));

const files = (): MockServerOptions => ({ allowedLocalMediaPath: join(folder, "figures") });
const fileUrl = (...names: string[]): string => pathToFileURL(join(folder, ...names)).href;
const image = (url: unknown, uuid?: string) => [{ type: "image_url", image_url: { url }, uuid }];
const longText = "word ".repeat(2000);

interface Row {
  cause: string;
  options?: () => MockServerOptions;
  body: () => unknown;
  headers?: Record<string, string>;
  status: number;
  error: { type: string; param?: string | null; message: string | RegExp };
}

const ROWS: Row[] = [
  {
    cause: "a prompt that is too long",
    options: () => ({ maxModelLen: 1000 }),
    body: () => question(longText),
    status: 400,
    error: {
      type: "BadRequestError",
      param: "input_tokens",
      message:
        "This model's maximum context length is 1000 tokens. However, your prompt contains at least 1001 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=1001)",
    },
  },
  {
    cause: "a picture that makes it too long",
    options: () => ({ maxModelLen: 1000 }),
    body: async () => question([imagePart(await picture(1024, 1024))]),
    status: 400,
    error: {
      type: "BadRequestError",
      param: null,
      message: /^Input length \(10\d\d\) exceeds model's maximum context length \(1000\)\.$/,
    },
  },
  {
    cause: "a picture too large for the encoder",
    options: () => ({ encoderCacheTokens: 500 }),
    body: async () => question([imagePart(await picture(1024, 1024))]),
    status: 400,
    error: {
      type: "BadRequestError",
      message:
        /image item with 1024 embedding tokens, which exceeds the pre-allocated encoder cache size 500/,
    },
  },
  {
    cause: "more tokens asked than the model has",
    options: () => ({ maxModelLen: 1000 }),
    body: () => question("a", { max_tokens: 2000 }),
    status: 400,
    error: {
      type: "BadRequestError",
      param: "max_tokens",
      message: /cannot be greater than max_model_len=1000/,
    },
  },
  {
    cause: "two pictures where one is allowed",
    body: async () => question([imagePart(await picture()), imagePart(await picture(32, 32))]),
    status: 400,
    error: {
      type: "BadRequestError",
      param: "image",
      message: /^At most 1 image\(s\) may be provided in one prompt\. \(parameter=image\)$/,
    },
  },
  {
    cause: "a picture for a model without eyes",
    options: () => ({ vision: false }),
    body: async () => question([imagePart(await picture())]),
    status: 400,
    error: { type: "BadRequestError", message: /is not a multimodal model/ },
  },
  {
    cause: "bytes that are no picture",
    body: () => question(image(dataUrl(Buffer.from("this is no picture")))),
    status: 400,
    error: { type: "BadRequestError", message: /^Failed to load image: cannot identify image file/ },
  },
  {
    cause: "a drawing, which Pillow does not read",
    body: () =>
      question(image(dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')))),
    status: 400,
    error: { type: "BadRequestError", message: /^Failed to load image/ },
  },
  {
    cause: "a picture that breaks off",
    body: async () => question(image(dataUrl((await picture(300, 300, "#123456")).subarray(0, 120)))),
    status: 400,
    error: { type: "BadRequestError", message: /^Failed to load image/ },
  },
  {
    cause: "a picture that is huge",
    body: () => question(image(dataUrl(hugePng()))),
    status: 500,
    error: {
      type: "InternalServerError",
      message: /^Image size \(400000000 pixels\) exceeds limit of 178956970 pixels/,
    },
  },
  {
    cause: "a picture that is a line",
    body: async () => question([imagePart(await picture(4040, 20))]),
    status: 400,
    error: { type: "BadRequestError", message: /^Failed to apply Qwen3VLProcessor on .* size=4040x20>/ },
  },
  {
    cause: "letters that are not base64",
    body: () => question(image("data:image/png;base64,@@@@")),
    status: 400,
    error: { type: "BadRequestError", message: /base64/ },
  },
  {
    cause: "a data URL in percent signs",
    body: () => question(image("data:image/png,%89PNG")),
    status: 501,
    error: { type: "NotImplementedError", message: "Only base64 data URLs are supported for now." },
  },
  {
    cause: "a host that cannot be reached",
    body: () => question(image("http://pictures.example.org/a.png")),
    status: 500,
    error: { type: "InternalServerError", message: /pictures\.example\.org/ },
  },
  {
    cause: "an address that is none",
    body: () => question(image("http://")),
    status: 422,
    error: {
      type: "UnprocessableEntityError",
      param: "image_url",
      message: /^Failed to fetch media from URL/,
    },
  },
  {
    cause: "another scheme",
    body: () => question(image("ftp://example.org/a.png")),
    status: 400,
    error: { type: "BadRequestError", message: "The URL must be either a HTTP, data or file URL." },
  },
  {
    cause: "a file where none are allowed",
    body: () => question(image(fileUrl("figures", "inside.png"))),
    status: 500,
    error: {
      type: "InternalServerError",
      message: "Cannot load local files without `--allowed-local-media-path`.",
    },
  },
  {
    cause: "a file outside",
    options: files,
    body: () => question(image(fileUrl("outside.png"))),
    status: 400,
    error: {
      type: "BadRequestError",
      message: "The file path <path> must be a subpath of `--allowed-local-media-path <path>`.",
    },
  },
  {
    cause: "a link to a file outside",
    options: files,
    body: () => question(image(fileUrl("figures", "link.png"))),
    status: 400,
    error: { type: "BadRequestError", message: /must be a subpath of/ },
  },
  {
    cause: "a file that is missing",
    options: files,
    body: () => question(image(fileUrl("figures", "missing.png"))),
    status: 500,
    error: { type: "InternalServerError", message: "[Errno 2] No such file or directory: '<path>'" },
  },
  {
    cause: "another model",
    body: () => question("a", { model: "another" }),
    status: 404,
    error: {
      type: "NotFoundError",
      param: "model",
      message: "The model `another` does not exist. Valid aliases: figloom-mock-vl.",
    },
  },
  {
    cause: "no JSON",
    body: () => "{",
    status: 400,
    error: { type: "Bad Request", message: /JSON decode error/ },
  },
  {
    cause: "no messages",
    body: () => ({ model: "figloom-mock-vl" }),
    status: 400,
    error: { type: "Bad Request", param: "body.messages", message: /Field required/ },
  },
  {
    cause: "a number that is a word",
    body: () => question("a", { max_tokens: "many" }),
    status: 400,
    error: { type: "Bad Request", param: "body.max_tokens", message: /valid integer/ },
  },
  {
    cause: "stream options without a stream",
    body: () => question("a", { stream_options: { include_usage: true } }),
    status: 400,
    error: { type: "BadRequestError", message: /Stream options can only be defined/ },
  },
  ...(
    [
      ["temperature", 3, "must be in [0, 2]"],
      ["temperature", -1, "must be non-negative"],
      ["top_p", 0, "must be in (0, 1]"],
      ["repetition_penalty", 0, "must be greater than zero"],
      ["presence_penalty", 5, "must be in [-2, 2]"],
    ] as const
  ).map(([param, value, rule]) => ({
    cause: `${param} ${value}`,
    body: () => question("a", { [param]: value }),
    status: 400,
    error: {
      type: "BadRequestError",
      param,
      message: `${param} ${rule}, got ${value}. (parameter=${param}, value=${value})`,
    },
  })),
  ...(["mm_processor_kwargs", "media_io_kwargs"] as const).map((param) => ({
    cause: `${param} of a request`,
    body: () => question("a", { [param]: { max_pixels: 100_000 } }),
    status: 400,
    error: { type: "BadRequestError", param, message: /^Per-request \w+ are disabled by default/ },
  })),
  {
    cause: "no message",
    body: () => ({ model: "figloom-mock-vl", messages: [] }),
    status: 400,
    error: { type: "BadRequestError", message: /^Cannot apply chat template to an empty conversation/ },
  },
  {
    cause: "a picture under a name that was not seen before",
    body: () => question([{ type: "image_url", image_url: null, uuid: "0" }]),
    status: 400,
    error: { type: "BadRequestError", message: /^Cache miss for image at index 0/ },
  },
  {
    cause: "two constraints at once",
    body: () => question("a", { structured_outputs: { json: {}, regex: "a" } }),
    status: 400,
    error: { type: "BadRequestError", message: /one kind of constraints/ },
  },
  {
    cause: "a body that says to be text",
    body: () => question("a"),
    headers: { "content-type": "text/plain" },
    status: 400,
    error: { type: "Bad Request", message: /Unsupported Media Type: Only 'application\/json' is allowed$/ },
  },
];

describe("errors are answered in vLLM's words", () => {
  test.each(ROWS)("$cause: $status", async ({ options, body, headers, status, error }) => {
    const server = await serve(options?.());
    const response = await post(server, await body(), headers ? { headers } : {});
    expect(response.status).toBe(status);
    const said = (await response.json()).error;
    expect(said).toMatchObject({ type: error.type, code: status });
    if (error.param !== undefined) expect(said.param).toBe(error.param);
    expect(said.message).toMatch(
      typeof error.message === "string" ? literally(error.message) : error.message,
    );
    expect(Object.keys(said).sort()).toEqual(["code", "message", "param", "type"]);
  });

  test("an answer that asks for more than is left gets what is left; at least one token must be", async () => {
    const asked = question("Why? ".repeat(100), { max_tokens: 64, ignore_eos: true });
    const { prompt_tokens } = (await (await post(await serve(), asked)).json()).usage;
    const narrow = await serve({ maxModelLen: prompt_tokens + 40 });
    expect((await (await post(narrow, asked)).json()).usage).toMatchObject({ completion_tokens: 40 });
    const full = await post(await serve({ maxModelLen: prompt_tokens }), asked);
    expect(full.status).toBe(400);
    expect((await full.json()).error.message).toMatch(/^max_tokens must be at least 1, got 0/);
  });

  test("a file inside the folder, in itself or by its text, is read", async () => {
    const server = await serve(files());
    const response = await post(
      server,
      question([...image(fileUrl("figures", "inside.png")), textPart("What?")]),
    );
    expect(response.status).toBe(200);
  });

  test("a route that does not exist is another 404 than a model", async () => {
    const server = await serve();
    const response = await fetch(`${server.url}/v1/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ detail: "Not Found" });
    expect((await fetch(`${server.url}/v1/chat/completions`)).status).toBe(405);
  });

  test("the key guards what begins with /v1, and its error is a bare string", async () => {
    const server = await serve({ apiKey: "sesame" });
    const refused = await post(server, question("a"));
    expect([refused.status, await refused.json()]).toEqual([401, { error: "Unauthorized" }]);
    const wrong = await post(server, question("a"), { headers: { authorization: "Bearer other" } });
    expect(wrong.status).toBe(401);
    const right = await post(server, question("a"), { headers: { authorization: "Bearer sesame" } });
    expect(right.status).toBe(200);
    for (const open of ["/health", "/metrics", "/version"])
      expect((await fetch(server.url + open)).status).toBe(200);
    expect((await fetch(`${server.url}/v1/models`)).status).toBe(401);
  });

  test("the front end in Rust has words for codes, and a limit on bodies", async () => {
    const server = await serve({ flavour: "rust" });
    const unknown = await post(server, question("a", { model: "another" }));
    expect(unknown.status).toBe(404);
    expect((await unknown.json()).error).toMatchObject({
      type: "invalid_request_error",
      code: "model_not_found",
    });
    const large = await post(server, question("a".repeat(33 * 1024 * 1024)));
    expect(large.status).toBe(413);
  });

  test("more requests than allowed are turned away with 503, waiting and running ones counted", async () => {
    const server = await serve({ maxNumQueuedReqs: 2, maxNumSeqs: 1 });
    server.stall();
    const going = new AbortController();
    const kept = [1, 2].map((seed) =>
      post(server, question("a", { seed }), { signal: going.signal }).catch(() => undefined),
    );
    while ((await (await fetch(`${server.url}/load`)).json()).server_load < 2);
    const third = await post(server, question("b"));
    expect(third.status).toBe(503);
    expect((await third.json()).error).toMatchObject({ type: "Service Unavailable", code: 503 });
    going.abort();
    await Promise.all(kept);
  });
});

const literally = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);

/** The beginning of a PNG of 20,000 × 20,000 pixels, which says its size and holds none of them. */
function hugePng(): Buffer {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(20_000, 0);
  size.writeUInt32BE(20_000, 4);
  size.set([8, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, check]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", size),
    chunk("IDAT", Buffer.alloc(16)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
