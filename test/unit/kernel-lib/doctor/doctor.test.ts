import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { examine } from "../../../../kernel-lib/src/doctor/doctor.js";
import { examineEndpoints } from "../../../../kernel-lib/src/doctor/endpoints.js";
import { examineLayoutReader } from "../../../../kernel-lib/src/doctor/layout-reader.js";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const KEY = "sk-very-secret";
const needsKey: RequestListener = (request, response) => {
  if (request.headers.authorization !== `Bearer ${KEY}`) response.writeHead(401).end("{}");
  else response.end(JSON.stringify({ data: [{ id: `model-at-${request.url}` }] }));
};

describe("examining this machine", () => {
  test("the libraries that figloom cannot do without are found, with their versions", async () => {
    const findings = await examine({});
    const named = new Map(findings.map((finding) => [finding.name, finding]));
    for (const name of ["Node", "sharp", "DuckDB", "PDFium"])
      expect(named.get(name)?.state, name).toBe("found");
    expect(named.get("Node")?.detail).toBe(process.versions.node);
  });

  test("every missing piece says what it would add and how to get it", async () => {
    for (const { state, adds, remedy } of await examine({})) {
      expect(adds).not.toBe("");
      expect(remedy === null).toBe(state === "found");
    }
  });
});

describe("examining endpoints", () => {
  test("a server is asked for its models, its address given with or without /v1", async () => {
    const url = await serve(needsKey);
    const env = { FIGLOOM_ENDPOINTS: `${url}, ${url}/v1/`, FIGLOOM_API_KEY: KEY };
    const findings = await examineEndpoints(env);
    expect(findings.map(({ detail }) => detail)).toEqual(["model-at-/v1/models", "model-at-/v1/models"]);
  });

  test("a password in an address is not shown, whatever signs it holds", async () => {
    const urls = ["http://user:se@cret@host.invalid:1", "http://user:se/cret@host.invalid:1"];
    const findings = await examineEndpoints({ FIGLOOM_ENDPOINTS: urls.join(",") });
    for (const { name } of findings) expect(name).toBe("GPU endpoint http://host.invalid:1");
  });

  test("a refused key is told from a server that is not there, and neither shows the key", async () => {
    const url = await serve(needsKey);
    const env = { FIGLOOM_ENDPOINTS: `${url},http://127.0.0.1:1,nonsense`, FIGLOOM_API_KEY: `${KEY}-wrong` };
    const findings = await examineEndpoints(env);
    expect(findings.map(({ detail }) => detail)).toEqual([
      "refuses the key (HTTP 401)",
      "cannot be reached",
      "no address",
    ]);
    expect(JSON.stringify(findings)).not.toContain(KEY);
  });

  test("a password in an address is not shown", async () => {
    const [finding] = await examineEndpoints({ FIGLOOM_ENDPOINTS: "http://me:hush@127.0.0.1:1" });
    expect(JSON.stringify(finding)).not.toContain("hush");
  });

  test("a server that never answers is given up", async () => {
    const url = await serve(() => undefined);
    const [finding] = await examineEndpoints({ FIGLOOM_ENDPOINTS: url });
    expect(finding?.detail).toBe("no answer within 3 s");
  });
});

describe("examining the layout reader", () => {
  test("nothing is said where none is named", async () => {
    expect(await examineLayoutReader({})).toEqual([]);
  });

  test("one that answers is found, one that does not or is none says how to mend that", async () => {
    const url = await serve((_, response) => response.end('{"status":"ok"}'));
    const named = [`mineru=${url}`, "docling=http://127.0.0.1:1", "docling=http://me:hush@host"];
    const findings = (
      await Promise.all(named.map((FIGLOOM_LAYOUT) => examineLayoutReader({ FIGLOOM_LAYOUT })))
    ).flat();
    expect(findings.map(({ state }) => state)).toEqual(["found", "missing", "missing"]);
    expect(findings.map(({ remedy }) => remedy !== null)).toEqual([false, true, true]);
    expect(findings[0]!.detail).toBe(`MinerU at ${url}/ answers`);
    expect(JSON.stringify(findings)).not.toContain("hush");
  });
});
