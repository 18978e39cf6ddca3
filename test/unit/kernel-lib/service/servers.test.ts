import { expect, test } from "vitest";
import { MockServer } from "../../../../cluster/src/mock-server/index.js";
import { serversOf } from "../../../../kernel-lib/src/service/servers.js";

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

test("where no server is named there is none", async () => {
  expect(await serversOf({})).toEqual([]);
});
