import { afterEach, expect, test } from "vitest";
import { Activity } from "../../../../cluster/src/fleet/activity.js";
import { MockServer } from "../../../../cluster/src/mock-server/index.js";

const servers: MockServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serve(): Promise<MockServer> {
  const server = await MockServer.start({ speed: 1000 });
  servers.push(server);
  return server;
}

const ask = (url: string, signal?: AbortSignal) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "figloom-mock-vl",
      messages: [{ role: "user", content: "Tell me something." }],
    }),
    ...(signal && { signal }),
  });

let seconds = 0;
const clock = () => seconds * 1000;

test("a server that is asked nothing is idle, a question since the last look is not", async () => {
  const { url } = await serve();
  const activity = new Activity(clock);
  await activity.look([url]);
  seconds += 100;
  await activity.look([url]);
  expect(activity.idleSeconds).toBe(100);
  await (await ask(url)).text();
  seconds += 10;
  await activity.look([url]);
  expect(activity.idleSeconds).toBe(0);
});

test("one that cannot be asked counts as busy", async () => {
  const activity = new Activity(clock);
  seconds += 50;
  expect(await activity.look(["http://127.0.0.1:1"])).toEqual([]);
  expect(activity.idleSeconds).toBe(0);
});

test("one that has a question and makes nothing of it for two minutes hangs", async () => {
  const server = await serve();
  const activity = new Activity(clock);
  server.stall();
  const controller = new AbortController();
  const asked = ask(server.url, controller.signal).catch(() => undefined);
  while (
    !(await (await fetch(`${server.url}/metrics`)).text()).match(/num_requests_(running|waiting)\{.*\} 1/)
  );
  expect(await activity.look([server.url])).toEqual([]);
  seconds += 119;
  expect(await activity.look([server.url])).toEqual([]);
  seconds += 2;
  expect(await activity.look([server.url])).toEqual([server.url]);
  expect(await activity.look([server.url])).toEqual([]);
  controller.abort();
  await asked;
});
