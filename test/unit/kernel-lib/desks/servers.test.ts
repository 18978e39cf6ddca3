import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MockServer } from "../../../../cluster/src/mock-server/index.js";
import { serversOf } from "../../../../kernel-lib/src/desks/servers.js";

test("says of each server what it serves and how busy it is, or what is wrong, and nothing secret", async () => {
  const server = await MockServer.start({ port: 0 });
  try {
    const gone = "http://user:password@127.0.0.1:9";
    const [up, down] = await serversOf({ FIGLOOM_ENDPOINTS: `${server.url},${gone}` });
    expect(up).toMatchObject({ address: server.url, up: true, load: { running: 0, waiting: 0, cache: 0 } });
    expect(up!.detail).not.toBe("");
    expect(down).toMatchObject({ up: false, detail: "cannot be reached", load: null });
    expect(JSON.stringify(down)).not.toContain("password");
    expect(down!.remedy).toContain("FIGLOOM_ENDPOINTS");
  } finally {
    await server.close();
  }
});

test("where none is named, those of a fleet that answer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "figloom-fleets-"));
  const server = await MockServer.start({ port: 0 });
  try {
    mkdirSync(join(folder, "mine", "members"), { recursive: true });
    writeFileSync(join(folder, "mine", "fleet.json"), JSON.stringify({ name: "mine", model: "any" }));
    const servers = [server.url, "http://127.0.0.1:9"].map((endpoint) => ({ endpoint, health: "up" }));
    const member = { member: "1", host: hostname(), status: "serving", servers };
    writeFileSync(join(folder, "mine", "members", "1.json"), JSON.stringify(member));
    const all = await serversOf({ FIGLOOM_FLEET: folder });
    expect(all.map(({ address, up }) => [address, up])).toEqual([[server.url, true]]);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

test("where no server is named there is none", async () => {
  expect(await serversOf({})).toEqual([]);
});
