import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { VisionModel } from "../../../../../kernel-lib/src/captions/vision-model.js";
import { vllm, type VllmOptions } from "../../../../../kernel-lib/src/captions/vllm/vllm.js";
import { MODEL, serve } from "../../../cluster/mock-server/client.js";
import { prompt } from "../prompts/make.js";
import { figuresIn, newFolder, removeFolders } from "./figures.js";
import { closeServers, serve as serveHttp, textOf } from "./servers.js";

const models: VisionModel[] = [];
afterEach(async () => {
  await Promise.all(models.splice(0).map((model) => model.close()));
  await closeServers();
  await removeFolders();
});

const SIGNAL = new AbortController().signal;

/** Makes a model ready, and says what it warned of. */
async function check(endpoints: string[], more: VllmOptions = {}, folder?: string) {
  const warnings: string[] = [];
  const model = vllm({ endpoints, patience: 0, onWarning: (message) => warnings.push(message), ...more });
  models.push(model);
  const where = folder ?? (await newFolder());
  await model.ready({ signal: SIGNAL, folder: where });
  return { model, warnings, folder: where };
}

/** An address that nobody listens at. */
async function deserted(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe("before work starts", () => {
  test("servers that are well are taken without a word, and asked once", async () => {
    const servers = await Promise.all([serve(), serve()]);
    const urls = servers.map(({ url }) => url);
    const { model, warnings, folder } = await check(urls, { shared: false });
    expect(warnings).toEqual([]);
    expect(model.name).toBe(MODEL);
    expect(model.servers).toBe(2);
    const asked = servers.map((server) => server.report().requests);
    await model.ready({ signal: SIGNAL, folder });
    expect(servers.map((server) => server.report().requests)).toEqual(asked);
    expect(model.usage.requests).toBe(0);
  });

  test("a server that is not there is left out for now while others are", async () => {
    const [server, nobody] = [await serve(), await deserted()];
    const { model, warnings } = await check([nobody, server.url], { shared: false });
    expect(warnings).toEqual([
      `A server is left out for now, and looked at again from time to time: ${nobody} cannot be reached (ECONNREFUSED).`,
    ]);
    expect(model.servers).toBe(1);
  });

  test("no server at all is told with each one's reason", async () => {
    const nobody = await deserted();
    await expect(check([nobody])).rejects.toMatchObject({
      name: "ConfigurationError",
      message: `No server can be asked: ${nobody} cannot be reached (ECONNREFUSED). Start the servers, or correct FIGLOOM_ENDPOINTS.`,
    });
  });

  test("a server that is starting is waited for", async () => {
    const url = await deserted();
    const warned: string[] = [];
    const model = vllm({ endpoints: url, patience: 50, onWarning: (message) => warned.push(message) });
    models.push(model);
    const ready = model.ready({ signal: SIGNAL, folder: await newFolder() });
    await expect.poll(() => warned, { timeout: 30_000 }).toHaveLength(1);
    expect(warned[0]).toMatch(/^Waiting up to 50 s for a server/);
    await serve({ port: Number(new URL(url).port) });
    await ready;
    expect(model.name).toBe(MODEL);
  });

  test("waiting can be cancelled, and tried again", async () => {
    const url = await deserted();
    const controller = new AbortController();
    const model = vllm({
      endpoints: url,
      patience: 50,
      onWarning: () => controller.abort(new Error("enough")),
    });
    models.push(model);
    const folder = await newFolder();
    await expect(model.ready({ signal: controller.signal, folder })).rejects.toThrow("enough");
    await serve({ port: Number(new URL(url).port) });
    await model.ready({ signal: SIGNAL, folder });
    expect(model.name).toBe(MODEL);
  });
});

describe("mistakes are told in plain words", () => {
  test("no server at all, once one is needed", async () => {
    const model = vllm({ endpoints: [], model: MODEL });
    models.push(model);
    expect(model.captioner(prompt("id: a\nabout: A caption.")).variant).toBe(`a@${MODEL}`);
    await expect(model.ready({ signal: SIGNAL, folder: await newFolder() })).rejects.toThrow(
      "No server is named: set FIGLOOM_ENDPOINTS=http://host:8000",
    );
  });

  test.each<[string, Parameters<typeof serve>[0], VllmOptions, RegExp]>([
    [
      "a wrong model",
      {},
      { model: "other" },
      /does not serve the model "other"; it serves "figloom-mock-vl"/,
    ],
    [
      "a model that does not see",
      { vision: false },
      {},
      /does not look at pictures .* serve a vision-language model/,
    ],
    ["no pictures allowed", { limitImages: 0 }, {}, /does not look at pictures/],
    ["a context without room", { maxModelLen: 256 }, {}, /no room for one picture .* --max-model-len/],
    [
      "a wrong key",
      { apiKey: "sk-right" },
      { key: "sk-wrong" },
      /does not accept the key .* set FIGLOOM_API_KEY/,
    ],
    ["files that may not be read", {}, { shared: true }, /--allowed-local-media-path/],
    [
      "another folder",
      { allowedLocalMediaPath: "/nowhere" },
      { shared: true },
      /outside the folder that the server may read/,
    ],
  ])("%s", async (_, server, options, message) => {
    const { url } = await serve(server);
    await expect(check([url], options)).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringMatching(message) as string,
    });
  });

  test("several models, and none is named", async () => {
    const servers = await Promise.all([serve({ model: "a" }), serve({ model: "b" })]);
    await expect(check(servers.map(({ url }) => url))).rejects.toThrow(
      'name one of them, "a", "b", as model',
    );
  });

  test("another program at the address", async () => {
    const url = await serveHttp((_, response) => void response.end("<html>Hello</html>"));
    await expect(check([url])).rejects.toThrow("check that it is the base URL of a vLLM server");
  });

  test("an answer that has no room in the context", async () => {
    const { model, folder } = await check([(await serve({ maxModelLen: 2048 })).url]);
    const captioner = model.captioner(prompt("id: long\nabout: Long.\nsampling: { max_tokens: 2000 }"));
    await expect(captioner.ready!({ signal: SIGNAL, folder })).rejects.toThrow(/lower max_tokens/);
  });

  test("a model whose name is not known yet", async () => {
    const model = vllm({ endpoints: (await serve()).url });
    models.push(model);
    expect(() => model.captioner(prompt("id: a\nabout: A."))).toThrow("wait for ready()");
  });

  test.each([{ inFlight: 0 }, { inFlight: 1.5 }, { inFlight: NaN }])("%o", (options) => {
    expect(() => vllm({ endpoints: "http://a", ...options })).toThrow("give a whole number from 1");
  });
});

describe("differences are told, and work goes on", () => {
  test("an old version", async () => {
    const { warnings } = await check([(await serve({ version: "0.10.2" })).url], { shared: false });
    expect(warnings).toEqual([expect.stringMatching(/runs vLLM 0\.10\.2, older than 0\.11/)]);
  });

  test("contexts of different lengths: the shortest counts", async () => {
    const servers = await Promise.all([serve({ maxModelLen: 8192 }), serve({ maxModelLen: 4096 })]);
    const { warnings } = await check(
      servers.map(({ url }) => url),
      { shared: false },
    );
    expect(warnings).toEqual([expect.stringContaining("(4096, 8192 tokens)")]);
  });

  test("a smaller budget of pixels", async () => {
    const { warnings } = await check([(await serve({ max_pixels: 262_144 })).url], { shared: false });
    expect(warnings).toEqual([
      expect.stringMatching(/makes \d+ tokens of a picture that Qwen3-VL makes 768 of/),
    ]);
  });
});

describe("pictures in a shared folder", () => {
  /** A server that says where pictures came from; `files` says whether it may read any. */
  async function telling(files: boolean, version: string | null = "0.29.0") {
    const urls: string[] = [];
    const url = await serveHttp(async (request, response) => {
      const answers: Record<string, unknown> = {
        "/v1/models": { data: [{ id: "m", max_model_len: 8192 }] },
        ...(version && { "/version": { version } }),
      };
      if (request.url !== "/v1/chat/completions") {
        const answer = answers[request.url!];
        response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? {}));
        return;
      }
      const picture = /"url":"(\w+):/.exec(await textOf(request))![1]!;
      urls.push(picture);
      const message = { content: "A white page with a grey rectangle in its middle." };
      if (picture === "data" || files)
        response.end(JSON.stringify({ choices: [{ message, finish_reason: "stop" }] }));
      else
        response.writeHead(500).end(
          JSON.stringify({
            error: { message: "Cannot load local files without `--allowed-local-media-path`." },
          }),
        );
    });
    return { url, urls };
  }

  test.each([
    ["where all servers may", [true, true], "file", []],
    ["not where one may not", [true, false], "data", ["Pictures are sent, not read from"]],
  ])("are read there %s, and why not is said once", async (_, kinds, expected, said) => {
    const servers = await Promise.all(kinds.map((files) => telling(files)));
    const { model, folder, warnings } = await check(servers.map(({ url }) => url));
    const captioner = model.captioner(prompt("id: a\nabout: A caption."));
    await captioner.ready!({ signal: SIGNAL, folder });
    const before = servers.map(({ urls }) => urls.length);
    for (const figure of await figuresIn(folder, 6)) await captioner.caption(figure, { signal: SIGNAL });
    const sent = servers.flatMap(({ urls }, i) => urls.slice(before[i]));
    expect(sent).toEqual(Array.from({ length: 6 }, () => expected));
    expect(warnings).toEqual(said.map((text) => expect.stringContaining(text) as string));
    expect((await readdir(folder)).filter((name) => name.startsWith(".figloom"))).toEqual([]);
  });

  test("are not mentioned to servers that are not vLLM", async () => {
    const server = await telling(true, null);
    await check([server.url]);
    expect(server.urls).toEqual(["data"]);
  });

  test("are not tried where that is not wanted", async () => {
    const server = await telling(true);
    await check([server.url], { shared: false });
    expect(server.urls).toEqual(["data"]);
  });
});
