import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setMaxListeners } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import type { VisionModel } from "../../../../../kernel-lib/src/captions/vision-model.js";
import { vllm, type VllmOptions } from "../../../../../kernel-lib/src/captions/vllm/vllm.js";
import { MODEL, serve } from "../../../cluster/mock-server/client.js";
import { prompt } from "../prompts/make.js";
import { figuresIn, newFolder, removeFolders } from "./figures.js";

const models: VisionModel[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(models.splice(0).map((model) => model.close()));
  await removeFolders();
});

const SIGNAL = new AbortController().signal;
setMaxListeners(0, SIGNAL);

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks these servers about figures, over and over. */
async function working(endpoints: string[], options: VllmOptions = {}) {
  const said: string[] = [];
  const model = vllm({ endpoints, patience: 0, shared: false, ...options });
  models.push(model);
  model.onNotice!((text) => said.push(text));
  const folder = await newFolder();
  await model.ready({ signal: SIGNAL, folder });
  const captioner = model.captioner(prompt("id: plain\nabout: A caption."));
  await captioner.ready!({ signal: SIGNAL, folder });
  const figures = await figuresIn(folder, 8);
  const until = (done: () => boolean) =>
    Promise.all(
      figures.map(async (figure) => {
        do await captioner.caption(figure, { signal: SIGNAL });
        while (!done());
      }),
    );
  const heard = (text: string) => said.filter((line) => line.includes(text)).length;
  return { model, said, heard, until };
}

test("a server that is started later gets work as soon as it is there", async () => {
  const [early, port] = [await serve(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const { model, until, heard } = await working([early.url, url]);
  expect(heard(`A server is left out for now, and looked at again from time to time: ${url}`)).toBe(1);
  expect(model.servers).toBe(1);
  await until(() => model.usage.requests > 20);
  const late = await serve({ port });
  await until(() => late.report().requests > 20);
  expect(heard(`${url} takes requests now`)).toBe(1);
  expect(model.servers).toBe(2);
});

test.each([
  ["another model", { model: "other" }, `does not serve the model "${MODEL}"; it serves "other"`],
  ["less room", { maxModelLen: 2048 }, "takes prompts of 2048 tokens, the others of 8192"],
  ["no eyes", { vision: false }, "does not look at pictures"],
])("one that comes later with %s is left out with one warning, and work goes on", async (_, wrong, why) => {
  const [early, port] = [await serve({ maxModelLen: 8192 }), await freePort()];
  const { model, until, heard } = await working([early.url, `http://127.0.0.1:${port}`]);
  const late = await serve({ port, ...wrong });
  await until(() => heard(why) > 0);
  const { requests } = model.usage;
  await until(() => model.usage.requests > requests + 20);
  expect(heard(why)).toBe(1);
  expect(late.report().requests).toBeLessThan(5);
  expect(model.servers).toBe(1);
});

test("one that died and comes back with another model is left out, and taken back with the right one", async () => {
  const servers = [await serve(), await serve()] as const;
  const { port, url } = servers[1];
  const { until, heard } = await working(servers.map((server) => server.url));
  await until(() => servers[1].report().requests > 5);
  await servers[1].close();
  await until(() => heard(`${url} died`) > 0);
  const wrong = await serve({ port, model: "other" });
  await until(() => heard("does not serve the model") > 0);
  await wrong.close();
  const right = await serve({ port });
  await until(() => right.report().requests > 5);
  expect(heard("does not serve the model")).toBe(1);
  expect(heard(`${url} takes requests again`)).toBe(1);
});

test("what there is to say goes to the console only while nobody listens", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const [early, port] = [await serve(), await freePort()];
  const { model, said } = await working([early.url, `http://127.0.0.1:${port}`]);
  expect(said).toHaveLength(1);
  expect(warned).not.toHaveBeenCalled();
  const heard: string[] = [];
  const folder = await newFolder();
  const other = vllm({ endpoints: [early.url, `http://127.0.0.1:${port}`], patience: 0, shared: false });
  models.push(other);
  other.onNotice!((text) => heard.push(text))();
  await other.ready({ signal: SIGNAL, folder });
  expect(heard).toEqual([]);
  expect(warned.mock.calls).toEqual([[expect.stringContaining("A server is left out for now")]]);
  expect(model.servers).toBe(1);
});
