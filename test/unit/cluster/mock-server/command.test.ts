import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

// Below the tests, so that the bundle finds the packages it is made to find.
const output = join(import.meta.dirname, "../../../output");
let folder: string;
let program: string;

/** A program with the package's commands and nothing else, bundled as they are shipped. */
beforeAll(async () => {
  await mkdir(output, { recursive: true });
  folder = await mkdtemp(join(output, "mock-server-"));
  const bundler = pathToFileURL(join(import.meta.dirname, "../../../../cluster/bundle.mjs")).href;
  execFileSync(process.execPath, [
    "--input-type=module",
    "-e",
    `const { bundle } = await import(${JSON.stringify(bundler)}); await bundle(${JSON.stringify(folder)});`,
  ]);
  program = join(folder, "program.cjs");
  await writeFile(
    program,
    `const { Command } = require("commander");
const program = new Command("figloom").exitOverride();
require("./commands.cjs").addCommands(program);
program.parseAsync().catch((error) => { console.error(error.message); process.exitCode = 2; });`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

function run(...args: string[]) {
  const child = spawn(process.execPath, [program, "mock-server", "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, MOCK_KEY: "sesame" },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let errors = "";
  child.stderr.on("data", (piece) => (errors += String(piece)));
  return {
    child,
    line: async () => (await lines.next()).value as string | undefined,
    ended: once(child, "close").then(([code]) => code as number),
    errors: () => errors,
  };
}

test("it prints its endpoints ready to paste, answers there, and says at the end what it was asked", async () => {
  const server = run("--count", "2", "--model", "qwen3-vl", "--api-key-from-env", "MOCK_KEY");
  const first = await server.line();
  expect(first).toMatch(/^FIGLOOM_ENDPOINTS=http:\/\/127\.0\.0\.1:\d+,http:\/\/127\.0\.0\.1:\d+$/);
  const endpoints = first!.slice("FIGLOOM_ENDPOINTS=".length).split(",");
  for (const endpoint of endpoints) {
    const headers = { authorization: "Bearer sesame" };
    const models = await fetch(`${endpoint}/v1/models`, { headers });
    expect((await models.json()).data[0].id).toBe("qwen3-vl");
  }
  server.child.kill("SIGINT");
  expect(await server.line()).toBe("0 requests were asked, 0 of them left by the client, 0 wrong pictures.");
  expect(await server.ended).toBe(0);
});

test("it ends with 1 when the engines of all servers died", async () => {
  const faults = join(folder, "faults.json");
  await writeFile(faults, JSON.stringify({ rules: [{ match: { nth: 1 }, fault: { kind: "death" } }] }));
  const server = run("--json", "--exit-after", "0.01", "--faults", faults);
  const { endpoints } = JSON.parse((await server.line())!) as { endpoints: string[] };
  await fetch(`${endpoints[0]}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "figloom-mock-vl", messages: [{ role: "user", content: "What?" }] }),
  }).catch(() => undefined);
  expect(JSON.parse((await server.line())!)).toEqual({ requests: 1, aborted: 0, wrong_pictures: 0 });
  expect(await server.ended).toBe(1);
  expect(server.errors()).toContain("the engines of all servers died");
});

test.each([
  [["--count", "many"], /whole number from 1/],
  [["--faults", "/nowhere.json"], /faults of \/nowhere\.json cannot be read/],
  [["--api-key-from-env", "NO_SUCH_KEY"], /the environment has no NO_SUCH_KEY/],
  [["--kv-cache-tokens", "100"], /cannot hold one request/],
])("%j is told to be wrong", async (args, message) => {
  const server = run(...args);
  expect(await server.ended).toBe(2);
  expect(server.errors()).toMatch(message);
});
