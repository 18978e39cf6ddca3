import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEndpoint } from "../../../../../kernel-lib/src/captions/vllm/endpoints.js";
import { bodyOf, NetworkError, Transport } from "../../../../../kernel-lib/src/captions/vllm/transport.js";
import { closeServers, gate, serve, serveBytes, textOf } from "./servers.js";

const KEY = "sk-very-secret";
let transport: Transport;
beforeEach(() => {
  transport = new Transport();
});
afterEach(async () => {
  await transport.close();
  await closeServers();
});

const signal = () => new AbortController().signal;
const get = (url: string, path = "/", more = {}) =>
  transport.call(readEndpoint(url, KEY), { method: "GET", path, signal: signal(), ...more });
const failure = async (asked: Promise<unknown>): Promise<NetworkError> => {
  const error: unknown = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(NetworkError);
  return error as NetworkError;
};

describe("a request", () => {
  test("goes below the server's base, with key, id and all pieces of its body in order", async () => {
    const url = await serve(async (request, response) => {
      const { authorization, "x-request-id": id, "content-length": length } = request.headers;
      response.end(
        JSON.stringify({
          url: request.url,
          authorization: authorization?.length,
          id,
          length,
          text: await textOf(request),
        }),
      );
    });
    const body = bodyOf(['{"a":"', Buffer.from("é".repeat(70_000)), '"}']);
    const { text } = await transport.call(readEndpoint(`${url}/base/v1`, KEY), {
      method: "POST",
      path: "/v1/x",
      id: "fig/1",
      body,
      signal: signal(),
    });
    expect(JSON.parse(text)).toEqual({
      url: "/base/v1/x",
      authorization: `Bearer ${KEY}`.length,
      id: "fig/1",
      length: String(body.bytes),
      text: `{"a":"${"é".repeat(70_000)}"}`,
    });
  });

  test("of one text goes in one piece", async () => {
    const url = await serve(async (request, response) => void response.end(await textOf(request)));
    const call = { method: "POST", path: "/", body: bodyOf(["ü"]), signal: signal() } as const;
    expect((await transport.call(readEndpoint(url, null), call)).text).toBe("ü");
  });

  test("ends at the server when it is aborted, before and after the reply began", async () => {
    for (const begins of [false, true]) {
      const gone = gate();
      const asked = gate();
      const url = await serve((request, response) => {
        response.on("close", () => gone.resolve());
        if (begins) response.write("x");
        asked.resolve();
      });
      const controller = new AbortController();
      const reply = get(url, "/", { signal: controller.signal });
      await asked.promise;
      controller.abort(new Error("enough"));
      await expect(reply).rejects.toThrow("enough");
      await gone.promise;
    }
  });

  test("that is aborted before it began is not sent", async () => {
    let asked = 0;
    const url = await serve((_, response) => void response.end(String(++asked)));
    await expect(get(url, "/", { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    expect((await get(url)).text).toBe("1");
  });

  test("uses connections again", async () => {
    const ports = new Set<number>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort!);
      response.end("{}");
    });
    for (let i = 0; i < 20; i++) await get(url);
    expect(ports.size).toBeLessThan(5);
  });
});

describe("a reply", () => {
  test("is handed over whatever its status; redirects are not followed", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(307, { location: "/elsewhere", "retry-after": "3" }).end("moved");
    });
    expect(await get(url)).toMatchObject({ status: 307, headers: { "retry-after": "3" }, text: "moved" });
    expect(asked).toBe(1);
  });

  test("is unpacked when a proxy packed it", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("é".repeat(1000)));
    });
    expect((await get(url)).text).toBe("é".repeat(1000));
  });

  test("that sends the key back comes without it", async () => {
    const url = await serve((request, response) => {
      response.writeHead(400).end(JSON.stringify({ error: { message: request.headers.authorization } }));
    });
    expect((await get(url)).text).toBe('{"error":{"message":"Bearer [secret]"}}');
  });

  test.each([false, true])("without end is cut off (packed: %s)", async (packed) => {
    const large = Buffer.alloc(20 << 20, "x");
    const url = await serve((_, response) => {
      response.on("error", () => undefined);
      if (packed) response.setHeader("content-encoding", "gzip");
      response.write(packed ? gzipSync(large) : large);
    });
    expect((await failure(get(url))).code).toBe("FIGLOOM_REPLY_TOO_LARGE");
  });

  test("in events is handed on as it comes", async () => {
    const url = await serve(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      response.write("data: 1\n\n");
      await first.promise;
      response.end("data: 2\n\n");
    });
    const first = gate();
    let text = "";
    const onBytes = (bytes: Uint8Array) => {
      text += Buffer.from(bytes).toString();
      first.resolve();
    };
    expect(await get(url, "/", { onBytes })).toMatchObject({ streamed: true, text: "" });
    expect(text).toBe("data: 1\n\ndata: 2\n\n");
  });

  test("that is an error is not taken for events", async () => {
    const url = await serve(
      (_, response) => void response.writeHead(400, { "content-type": "text/event-stream" }).end("no"),
    );
    const onBytes = () => expect.fail();
    expect(await get(url, "/", { onBytes })).toMatchObject({ status: 400, text: "no", streamed: false });
  });

  test("whose listener fails ends with the listener's error", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
    });
    const onBytes = () => {
      throw new Error("no more");
    };
    await expect(get(url, "/", { onBytes })).rejects.toThrow("no more");
  });
});

describe("no reply", () => {
  test("because nobody listens: the server cannot have the request", async () => {
    const url = await serve(() => undefined);
    await closeServers();
    expect(await failure(get(url))).toMatchObject({ code: "ECONNREFUSED", sent: false, replied: false });
  });

  test("because the connection broke: the server may have the request", async () => {
    const url = await serveBytes((socket) => socket.once("data", () => socket.resetAndDestroy()));
    expect(await failure(get(url))).toMatchObject({ sent: true, replied: false });
    const half = await serveBytes((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"));
    });
    expect(await failure(get(half))).toMatchObject({ sent: true, replied: true });
  });

  test("although something came that is not HTTP", async () => {
    const url = await serveBytes((socket) =>
      socket.once("data", () => socket.end("SSH-2.0-OpenSSH\r\n\r\n")),
    );
    expect((await failure(get(url))).code).toMatch(/^(HPE_|HTTPParser)/);
  });

  test("of a packed reply that breaks off", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(100)).subarray(0, 15));
    });
    expect((await failure(get(url))).code).toBe("Z_BUF_ERROR");
  });

  test("because the transport was closed", async () => {
    const asked = gate();
    const url = await serve(() => asked.resolve());
    const reply = failure(get(url));
    await asked.promise;
    await transport.close();
    expect((await reply).code).toBe("UND_ERR_DESTROYED");
    await expect(get(url)).rejects.toThrow();
  });
});
