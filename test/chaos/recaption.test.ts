import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readQuarantine } from "../../kernel-lib/src/dataset/quarantine.js";
import { bundlePrograms } from "../support/bundle-programs.js";
import { SupervisedServer } from "../support/supervised-server.js";
import { synthesize, type SyntheticFigure } from "../support/synthetic/dataset.js";
import { namedIn } from "../support/synthetic/words.js";
import { runClient, type Ended } from "./client.js";
import { figureAsked, filesWith, keptCaptions, LedgerWatch, readLogs, type LogLine } from "./evidence.js";
import { faultName, planChaos } from "./plan.js";
import { CHAOS_PROMPT } from "./prompt.js";

const SEED = Number(process.env.FIGLOOM_CHAOS_SEED ?? 20_260_101);
const FIGURES = 2000;
const SERVERS = 4;
const KEY = randomBytes(24).toString("base64url");
const MODEL = "figloom-mock-vl";
const VARIANT = `chaos@${MODEL}`;

const plan = planChaos(SEED, FIGURES);
let folder: string;
let dataset: string;
let client: string;
let figures: SyntheticFigure[];
let servers: SupervisedServer[] = [];
let logs: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-chaos-"));
  dataset = join(folder, "dataset");
  logs = Array.from({ length: SERVERS }, (_, at) => join(folder, `server-${at}.jsonl`));
  const [programs] = await Promise.all([
    bundlePrograms("chaos", {
      client: "test/chaos/client-program.ts",
      "mock-server": "test/support/mock-server-program.ts",
    }),
    makeDataset(),
    writeFile(join(folder, "faults.json"), JSON.stringify(plan.faults)),
    writeFile(join(folder, "chaos.md"), CHAOS_PROMPT),
  ]);
  client = join(programs, "client.cjs");
  servers = await Promise.all(logs.map((log) => startServer(join(programs, "mock-server.cjs"), log)));
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function makeDataset(): Promise<void> {
  const contexts = (number: number) => (plan.wordy.has(number) ? 80 : undefined);
  figures = await synthesize(dataset, { figures: FIGURES, seed: SEED, contexts });
  for (const [number, damage] of plan.damaged) {
    const { image } = figures[number]!;
    if (damage === "removed") await unlink(image);
    else if (damage === "garbage") await writeFile(image, "This was a picture once.");
    else await truncate(image, 300);
  }
}

function startServer(program: string, log: string): Promise<SupervisedServer> {
  const flags = {
    "--max-model-len": "2600",
    "--max-num-seqs": "24",
    "--max-num-queued-reqs": "60",
    "--speed": "3",
    "--exit-after": "0.2",
    "--faults": join(folder, "faults.json"),
    "--log": log,
  };
  const args = [...Object.entries(flags).flat(), "--api-key-from-env"];
  return SupervisedServer.start({ program, args, env: { FIGLOOM_API_KEY: KEY } });
}

/** Runs `figloom recaption` on the dataset; `meanwhile` is told how many captions are on the disk. */
async function recaption(
  { prompt = "chaos.md", flags = [] as string[] },
  meanwhile?: (captions: number, kill: () => void) => void,
): Promise<Ended> {
  const watch = new LedgerWatch(dataset);
  return runClient({
    program: client,
    args: ["recaption", dataset, "--captioner", "vllm", "--prompt", join(folder, prompt), "--json", ...flags],
    env: { FIGLOOM_ENDPOINTS: servers.map(({ url }) => url).join(","), FIGLOOM_API_KEY: KEY },
    output: join(folder, "client.txt"),
    ...(meanwhile && { meanwhile: async (kill) => meanwhile(await watch.captions(), kill) }),
  });
}

const clientSaid = () => readFile(join(folder, "client.txt"), "utf8");

/** What servers were asked about figures. */
const asked = async (): Promise<(LogLine & { figure: string })[]> =>
  (await readLogs(logs)).flatMap((line) => {
    const figure = line.event === "asked" ? figureAsked(line) : null;
    return figure === null ? [] : [{ ...line, figure }];
  });

test("every figure ends with one caption or one line in the quarantine that says why, whatever servers and client go through", async () => {
  const committed: { time: number; figures: Set<string> }[] = [];
  for (const [life, target] of plan.kills.entries()) {
    const end = await recaption({}, (captions, kill) => captions >= target && kill());
    expect(end, `life ${life}: ${await clientSaid()}`).toMatchObject({ signal: "SIGKILL" });
    const kept = new Set((await keptCaptions(dataset, VARIANT)).map(({ figure_id }) => figure_id));
    committed.push({ time: Date.now(), figures: kept });
    expect(kept.size).toBeGreaterThanOrEqual(target);
  }
  let killed = false;
  const end = await recaption({}, (captions) => {
    if (killed || captions < plan.serverKill.at) return;
    killed = true;
    servers[plan.serverKill.server]!.kill();
  });
  expect(end, await clientSaid()).toEqual({ code: 0, signal: null });
  expect(killed).toBe(true);

  const captions = await keptCaptions(dataset, VARIANT);
  const quarantine = (await readQuarantine(dataset)).filter(({ stage }) => stage === "recaption");
  const numberOf = new Map(figures.map(({ figure_id, number }) => [figure_id, number]));
  const reasonsFound = new Map(quarantine.map(({ item, reason }) => [numberOf.get(item)!, reason]));

  // One caption or one true reason each.
  expect(Object.fromEntries(reasonsFound)).toEqual(Object.fromEntries(plan.reasons));
  expect(quarantine).toHaveLength(plan.reasons.size);
  expect(captions).toHaveLength(FIGURES - plan.reasons.size);
  expect(
    new Set([...captions.map(({ figure_id }) => numberOf.get(figure_id)!), ...plan.reasons.keys()]),
  ).toEqual(new Set(numberOf.values()));
  const killers = quarantine.filter(({ reason }) => reason === "kills-server");
  expect(killers.map(({ item }) => numberOf.get(item)).sort()).toEqual([...plan.poison].sort());

  // A caption speaks of its own figure and of no other.
  for (const { figure_id, text } of captions) expect(namedIn(text), text).toEqual([numberOf.get(figure_id)]);

  // Each request carried the figure's own picture.
  const log = await readLogs(logs);
  expect(log.filter(({ event }) => event === "wrong-picture")).toEqual([]);
  const shas = new Map(figures.map(({ figure_id, sha256 }) => [figure_id, sha256]));
  const pictures = log.flatMap((line) => {
    const figure = line.event === "pictures" ? figureAsked(line) : null;
    return figure === null ? [] : [{ figure, shas: line.shas }];
  });
  expect(pictures.length).toBeGreaterThan(FIGURES);
  expect(pictures.filter(({ figure, shas: [sha, more] = [] }) => sha !== shas.get(figure) || more)).toEqual(
    [],
  );

  // What was kept is not asked for again.
  const requests = await asked();
  for (const { time, figures: done } of committed)
    expect(requests.filter((request) => request.time > time && done.has(request.figure))).toEqual([]);

  // Everything that was to go wrong did.
  const happened = new Set(
    log.flatMap((line) => (line.event === "fault" ? [faultName(line as { kind: string })] : [])),
  );
  expect([...plan.kinds].filter((kind) => !happened.has(kind))).toEqual([]);
  const deaths = log.filter(({ event }) => event === "died").length;
  expect(deaths).toBeGreaterThanOrEqual(plan.poison.length);
  expect(servers.reduce((lives, server) => lives + server.lives, 0)).toBeGreaterThanOrEqual(SERVERS + deaths);
  expect(await clientSaid()).toMatch(/no token has moved/);

  // Started once more it asks for nothing.
  const lines = (await readLogs(logs)).length;
  expect(await recaption({})).toEqual({ code: 0, signal: null });
  expect((await readLogs(logs)).slice(lines)).toEqual([]);

  // Another word in the prompt asks again.
  await writeFile(join(folder, "changed.md"), CHAOS_PROMPT.replace("two or three", "two or four"));
  expect(await recaption({ prompt: "changed.md", flags: ["--limit", "40"] })).toEqual({
    code: 0,
    signal: null,
  });
  const again = (await asked()).slice(requests.length);
  expect(new Set(again.map(({ figure }) => figure)).size).toBeGreaterThanOrEqual(40 - plan.reasons.size);

  // The key is nowhere.
  expect(servers.map(({ said }) => said).join()).not.toContain(KEY);
  expect(await filesWith(folder, KEY)).toEqual([]);
});
