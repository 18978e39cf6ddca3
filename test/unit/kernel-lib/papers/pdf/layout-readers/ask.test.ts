import { afterEach, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../../../../kernel-lib/src/errors.js";
import {
  checkLayoutReader,
  layoutChoice,
  readForeignLayout,
} from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/ask.js";
import type { LayoutLimits } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/http.js";
import { LayoutError } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/problems.js";
import { LayoutServer, type LayoutFault } from "../../../../../fixtures/layout-server.js";

const PDF = Buffer.from("%PDF-1.4 a paper");
const servers: LayoutServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serving(): Promise<{ server: LayoutServer; base: string }> {
  const server = new LayoutServer([
    { kind: "image", page: 1, body: [61.2, 79.2, 306, 396], caption: [61.2, 396, 306, 475.2] },
  ]);
  servers.push(server);
  return { server, base: await server.start() };
}
const REGION = { kind: "figure", page: 1, box: [0.1, 0.1, 0.5, 0.5], captions: [[0.1, 0.5, 0.5, 0.6]] };

const ask = (choice: string, limits: Partial<LayoutLimits> = {}, key?: string, signal?: AbortSignal) =>
  readForeignLayout(layoutChoice(choice), PDF, {
    signal: signal ?? new AbortController().signal,
    key,
    limits: { pause: 10, retries: 2, seconds: 30, ...limits },
  });
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "number" ? Number(part.toFixed(6)) : part,
  );

describe("asking for a layout", () => {
  it("sends MinerU the file and what is wanted of it", async () => {
    const { server, base } = await serving();
    expect(rounded(await ask(`mineru=${base}`, {}, "secret"))).toEqual({
      reader: "mineru",
      regions: [REGION],
    });
    const [{ method, path, form, headers }] = server.requests as [(typeof server.requests)[0]];
    expect([method, path]).toEqual(["POST", "/file_parse"]);
    expect(Buffer.from(await (form!.get("files") as File).arrayBuffer())).toEqual(PDF);
    expect([form!.get("return_middle_json"), form!.get("return_md")]).toEqual(["true", "false"]);
    expect(JSON.stringify(headers)).not.toContain("secret");
  });

  it("asks docling-serve until the task is done", async () => {
    const { server, base } = await serving();
    expect(rounded(await ask(`docling=${base}`))).toEqual({ reader: "docling", regions: [REGION] });
    expect(server.requests.map(({ path }) => path.split("/").slice(1, 3).join("/"))).toEqual([
      "v1/convert",
      "v1/status",
      "v1/status",
      "v1/status",
      "v1/result",
    ]);
    expect(server.requests[0]!.form!.get("to_formats")).toBe("json");
  });

  it("sends docling-serve the key that it asks for", async () => {
    const { server, base } = await serving();
    server.key = "secret";
    expect((await ask(`docling=${base}`, {}, "secret")).regions).toHaveLength(1);
    await expect(ask(`docling=${base}`, {}, "wrong")).rejects.toThrow(ConfigurationError);
    await expect(ask(`docling=${base}`, {}, "wrong")).rejects.toThrow("FIGLOOM_LAYOUT_KEY");
  });

  it("asks below the path that the server stands at", async () => {
    const { server, base } = await serving();
    await ask(`mineru=${base}/reader/`).catch(() => undefined);
    expect(server.requests[0]!.path).toBe("/reader/file_parse");
  });

  it.each<[string, LayoutFault]>([
    ["is busy", { status: 503, headers: { "retry-after": "0" }, body: "Busy" }],
    ["has too much to do", { status: 429 }],
    ["stands behind a proxy that gives up", { status: 504, body: "<html>Gateway Timeout</html>" }],
    ["breaks off", "reset"],
  ])("asks again when the server %s", async (_, fault) => {
    const { server, base } = await serving();
    server.faults.set("/file_parse", [fault, fault]);
    expect((await ask(`mineru=${base}`)).regions).toHaveLength(1);
    expect(server.requests).toHaveLength(3);
  });

  it("waits as long as the server asks for", async () => {
    const { server, base } = await serving();
    server.faults.set("/file_parse", [{ status: 503, headers: { "retry-after": "1" } }]);
    // The second attempt would be answered, but comes after the deadline.
    await expect(ask(`mineru=${base}`, { seconds: 1 })).rejects.toThrow("it did not answer within 1 s");
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, LayoutFault, RegExp]>([
    ["fails", { status: 500, body: '{"error": "CUDA out\\nof memory"}' }, /HTTP 500: CUDA out of memory$/],
    ["refuses the file", { status: 409, body: '{"status":"failed","error":"bad"}' }, /HTTP 409: bad$/],
    ["sends a page", { status: 200, body: "<html>Welcome</html>" }, /no JSON/],
    ["sends half of an answer", { status: 200, body: '{"results": {' }, /no JSON/],
    ["sends us elsewhere", { status: 302, headers: { location: "http://127.0.0.1:9/" } }, /HTTP 302/],
    [
      "asks for more time than there is",
      { status: 503, headers: { "retry-after": "9999" } },
      /left alone for 9999 s/,
    ],
  ])("gives a paper up at once when the server %s", async (_, fault, message) => {
    const { server, base } = await serving();
    server.faults.set("/file_parse", [fault]);
    const error = await ask(`mineru=${base}`).then(String, (error: unknown) => error);
    expect(error).toBeInstanceOf(LayoutError);
    expect((error as Error).message).toMatch(message);
    expect(server.requests).toHaveLength(1);
  });

  it.each([404, 405])("stops where the server is another program and answers HTTP %i", async (status) => {
    const { server, base } = await serving();
    server.faults.set("/v1/convert/file/async", [{ status }]);
    const error = await ask(`docling=${base}`).then(String, (error: unknown) => error);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toContain("knows no /v1/convert/file/async");
  });

  it("gives a paper up whose task the server has forgotten", async () => {
    const { server, base } = await serving();
    server.faults.set("/v1/status/poll/5f1c-a", [{ status: 404, body: '{"detail": "Task not found."}' }]);
    const error = await ask(`docling=${base}`).then(String, (error: unknown) => error);
    expect(error).toBeInstanceOf(LayoutError);
    expect((error as Error).message).toBe("it answered HTTP 404: Task not found.");
  });

  it("gives up after some attempts", async () => {
    const { server, base } = await serving();
    server.faults.set("/file_parse", Array<LayoutFault>(9).fill({ status: 503 }));
    await expect(ask(`mineru=${base}`)).rejects.toThrow("it answered HTTP 503");
    expect(server.requests).toHaveLength(3);
  });

  it("gives up a server that says nothing", async () => {
    const { server, base } = await serving();
    server.faults.set("/file_parse", ["hang"]);
    await expect(ask(`mineru=${base}`, { seconds: 0.3 })).rejects.toThrow("it did not answer within 0.3 s");
  });

  it("gives up a task that never ends", async () => {
    const { server, base } = await serving();
    server.polls = Infinity;
    await expect(ask(`docling=${base}`, { seconds: 0.3 })).rejects.toThrow("it did not answer within 0.3 s");
  });

  it("takes no more of an answer than the limit", async () => {
    const { base } = await serving();
    await expect(ask(`mineru=${base}`, { bytes: 100 })).rejects.toThrow("longer than 100 bytes");
  });

  it("ends its request when it is cancelled", async () => {
    const { server, base } = await serving();
    server.faults.set("/file_parse", ["hang"]);
    const stop = new AbortController();
    const asked = ask(`mineru=${base}`, {}, undefined, stop.signal);
    asked.catch(() => undefined);
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(1);
    stop.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    await expect.poll(() => server.abandoned, { timeout: 20_000 }).toBe(1);
  });

  it("says that a server is out of reach", async () => {
    const { server, base } = await serving();
    await server.stop();
    servers.length = 0;
    await expect(ask(`mineru=${base}`)).rejects.toThrow(/^it cannot be reached/);
  });
});

describe("naming a layout reader", () => {
  it.each([
    ["grobid=http://host:8070"],
    ["http://host:8000"],
    ["mineru"],
    ["mineru="],
    ["mineru=host"],
    ["mineru=file:///etc/passwd"],
    ["mineru=http://host/?backend=vlm"],
    [""],
  ])("is refused: %j", (text) => expect(() => layoutChoice(text)).toThrow(ConfigurationError));

  it("keeps a password out of the message", () => {
    const refused = () => layoutChoice("docling=http://me:secret@host:5001");
    expect(refused).toThrow("FIGLOOM_LAYOUT_KEY");
    expect(refused).not.toThrow("secret");
  });
});

describe("before work starts", () => {
  const check = (choice: string, seconds = 20) =>
    checkLayoutReader(layoutChoice(choice), new AbortController().signal, seconds);

  it("a server that is there is enough", async () => {
    const { base } = await serving();
    await expect(check(`docling=${base}`)).resolves.toBeUndefined();
  });

  it("an old MinerU without /health is known by its documentation", async () => {
    const { server, base } = await serving();
    server.faults.set("/health", [{ status: 404 }]);
    server.faults.set("/docs", [{ status: 200, body: "<html>Swagger</html>" }]);
    await expect(check(`mineru=${base}`)).resolves.toBeUndefined();
  });

  it.each<[LayoutFault, string]>([
    [{ status: 404 }, "answers HTTP 404"],
    [{ status: 503 }, "answers HTTP 503"],
    ["hang", "does not answer"],
  ])("a server that answers with %j is no layout reader", async (fault, message) => {
    const { server, base } = await serving();
    server.faults.set("/health", [fault]);
    const error = await check(`mineru=${base}`, fault === "hang" ? 0.3 : 20).then(
      String,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toContain(`The layout reader MinerU at ${base}/ ${message};`);
  });

  it("a server that is not there stops everything", async () => {
    await expect(check("docling=http://127.0.0.1:9")).rejects.toThrow("cannot be reached");
  });
});
