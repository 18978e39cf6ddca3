import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { MockServer } from "../../../../cluster/src/mock-server/server.js";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { bundleCommand, run, start } from "./bundle.js";

let command: string;
beforeAll(async () => {
  command = await bundleCommand();
});

const servers: MockServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const FIGURES = 40;

async function setting() {
  const dataset = join(await freshFolder(), "d");
  await synthesize(dataset, { figures: FIGURES });
  const server = await MockServer.start({ answerTokens: 40 });
  servers.push(server);
  const asking = ["recaption", dataset, "--prompt", "context", "--endpoint", server.url, "--in-flight", "8"];
  return { dataset, server, asking };
}

/** What the server was asked, by request: `<figure>/<prompt>/<repeat>/<attempt>`. */
async function asked(server: MockServer): Promise<Record<string, number>> {
  const report = (await (await fetch(`${server.url}/mock/report`)).json()) as {
    ids: Record<string, { asked: number }>;
  };
  const figures = Object.entries(report.ids).filter(([id]) => id.split("/").length === 4);
  return Object.fromEntries(figures.map(([id, { asked }]) => [id, asked]));
}

describe("figloom recaption with a model", () => {
  it("captions every figure once, and asks nothing when it is started again", async () => {
    const { server, asking } = await setting();
    const first = await run(command, [...asking, "--json"]);
    expect(first, first.stderr).toMatchObject({ code: 0 });
    const result = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ made: FIGURES, reused: 0, quarantined: 0, stopped: null });
    expect(result.tokens).toBeGreaterThan(FIGURES * 40);
    expect(result.captions_per_second).toBeGreaterThan(0);
    const before = await asked(server);
    expect(Object.keys(before)).toHaveLength(FIGURES);

    const again = await run(command, asking);
    expect(again.stdout).toMatch(/^0 captions "context@.+" \(and 40 made before\), 0 quarantined in /);
    expect(await asked(server)).toEqual(before);
  }, 120_000);

  it("ends with 1 and one sentence when the budget is spent, and goes on with a larger one", async () => {
    const { asking } = await setting();
    const stopped = await run(command, [...asking, "--json", "--budget-tokens", "20000"]);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(
      /figloom: the token budget of 20,000 is spent; \d+ figures are left\. Start the same/,
    );
    const { made, tokens } = JSON.parse(stopped.stdout) as { made: number; tokens: number };
    expect(made).toBeGreaterThan(0);
    expect(tokens).toBeLessThanOrEqual(20_000);
    const rest = await run(command, [...asking, "--json", "--budget-tokens", "10000000"]);
    expect(rest.code).toBe(0);
    expect(JSON.parse(rest.stdout)).toMatchObject({ made: FIGURES - made, reused: made, stopped: null });
  }, 120_000);

  it("killed at any moment asks for no caption again that is on the disk", async () => {
    const { dataset, server, asking } = await setting();
    const ledger = join(dataset, "runs", "000002-recaption", "ledger", "0.jsonl");
    const written = async () => (await readFile(ledger, "utf8").catch(() => "")).split("\n").slice(0, -1);
    const child = start(command, [...asking, "--in-flight", "1"]);
    const ended = once(child, "exit");
    while (child.exitCode === null && (await written()).length < 5) await delay(1);
    child.kill("SIGKILL");
    await ended;
    const safe = written().then((lines) =>
      lines.map((line) => (JSON.parse(line) as { recaption: { figure_id: string } }).recaption.figure_id),
    );
    const kept = await safe;
    const before = await asked(server);
    const again = await run(command, [...asking, "--json"]);
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(again.stdout)).toMatchObject({ made: FIGURES - kept.length, reused: kept.length });
    const after = await asked(server);
    const repeated = Object.keys(before).filter((id) => after[id]! > before[id]!);
    expect(repeated.length).toBeLessThanOrEqual(1); // the one that was at work
  }, 120_000);

  it.each([
    [["--captioner", "vllm"], "give --prompt, a file or one of chart, context, terse"],
    [["--captioner", "extractive", "--prompt", "context"], "--prompt is for --captioner vllm"],
    [["--in-flight", "4"], "--in-flight is for --captioner vllm"],
    [["--prompt", "context"], "No server is named"],
    [["--prompt", "contxt", "--endpoint", "http://127.0.0.1:9"], "contxt"],
    [["--budget-cost", "5"], "needs prices"],
    [["--budget-tokens", "many"], "It is a whole number from 1"],
  ])("says what is wrong with %j", async (flags, said) => {
    const { dataset } = await setting();
    const { code, stderr } = await run(command, ["recaption", dataset, ...flags], { FIGLOOM_ENDPOINTS: "" });
    expect(stderr).toContain(said);
    expect(code).toBe(2);
  });
});
