import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { bundle } from "../../../../cluster/bundle.mjs";
import type * as Launch from "../../../../cluster/src/launch/index.js";
import type { LaunchOptions } from "../../../../kernel-lib/src/lab/launch-options.js";
import { recaption } from "../../../../kernel-lib/src/lab/recaption.js";
import { score } from "../../../../kernel-lib/src/lab/score.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { rowsOf } from "../../../support/runs/rig.js";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { until } from "../servers/bench.js";

// Below the tests, so that the bundle finds the packages it is made to find.
const output = join(import.meta.dirname, "../../../output");
// A run starts some twenty processes.
vi.setConfig({ testTimeout: 300_000 });
let programs: string;
let cluster: typeof Launch;
let base: string;
let dataset: string;
let number = 0;

/** Patient with nobody: what takes a minute in earnest takes a second. */
const LIMITS = { beatSeconds: 0.2, staleSeconds: 3, graceSeconds: 5, restarts: 5, deaths: 6 };
const OPTIONS: LaunchOptions = { stages: ["recaption", "score"], shardSize: 5, limits: LIMITS };

beforeAll(async () => {
  mkdirSync(output, { recursive: true });
  programs = mkdtempSync(join(output, "launch-"));
  await bundle(join(programs, "dist"));
  // By its package's folder it finds its programs.
  writeFileSync(join(programs, "package.json"), "{}");
  cluster = createRequire(import.meta.url)(join(programs, "dist/launch.cjs")) as typeof Launch;
  base = mkdtempSync(join(output, "launched-"));
});
afterAll(() => {
  rmSync(programs, { recursive: true, force: true });
  rmSync(base, { recursive: true, force: true });
});
beforeEach(async () => {
  dataset = join(base, String(++number));
  await synthesize(dataset, { figures: 30 });
});

const launch = async (options: LaunchOptions = OPTIONS) =>
  (await cluster.prepareLaunch(dataset, options)).submit();
const standing = async (run: string) => (await cluster.status(dataset, run)).state;
const finished = (run: string) => until(async () => (await standing(run)) === "finished");

test("a run goes on by itself to what one process would have made", async () => {
  const run = await launch();
  await finished(run);
  const undisturbed = join(base, "undisturbed");
  await synthesize(undisturbed, { figures: 30 });
  const local = await Dataset.open(undisturbed);
  await recaption(local);
  await score(local, ["support"]);
  expect(await rowsOf(dataset, "recaptions")).toEqual(await rowsOf(undisturbed, "recaptions"));
  expect(await rowsOf(dataset, "scores")).toEqual(await rowsOf(undisturbed, "scores"));

  const report = await cluster.report(dataset, run);
  expect(report.final).toBe(true);
  expect(report.markdown).toContain("finished");
  const [log] = await cluster.logs(dataset, run, { shard: "2-score/1" });
  expect(log).toMatchObject({ phase: "2-score", why: "finished 00000001, 2-score" });
  // Nothing is left to be done by another.
  const { plan } = await cluster.prepareLaunch(dataset, OPTIONS);
  expect(plan.problems).toEqual([]);
});

test("cancelled at once and resumed, it makes the same", async () => {
  const run = await launch();
  await cluster.ask(dataset, run, "cancel");
  await until(async () => ["cancelled", "finished"].includes(await standing(run)));
  await cluster.ask(dataset, run, "resume");
  await finished(run);
  expect(await rowsOf(dataset, "recaptions")).toHaveLength(30);
  expect(await rowsOf(dataset, "scores")).toHaveLength(60);
});

test("a second run on the same stage is refused while the first has not finished", async () => {
  const run = await launch();
  await cluster.ask(dataset, run, "pause");
  await expect(launch({ stages: ["recaption"] })).rejects.toThrow(`${run} has not finished its recaption`);
  await cluster.ask(dataset, run, "resume");
  await finished(run);
});

test("all that hinders a launch is said at once, and nothing is left behind", async () => {
  const { plan, submit } = await cluster.prepareLaunch(dataset, {
    ...{ prompt: "context", model: "m", serve: { script: "/no/such/script" }, budget: { cost: 3 } },
    ...{ node: "/no/such/node", workers: 0 },
  });
  expect(plan.problems).toEqual([
    expect.stringContaining("workers of 1-recaption is 0"),
    expect.stringContaining("A budget in money needs prices"),
    expect.stringContaining("Node's program, /no/such/node, cannot be run"),
    expect.stringContaining("The script that starts a server, /no/such/script, cannot be run"),
    expect.stringContaining("has no tasks"),
  ]);
  await expect(submit()).rejects.toThrow("Nothing was submitted.");
  await expect(cluster.status(dataset, plan.run)).rejects.toThrow("There is no run");
});

test("what a launch would take is said without asking anybody, and hours only at a rate that is given", async () => {
  const asked = { prompt: "context", model: "m", endpoints: ["http://127.0.0.1:9"], prices: { gpuHour: 2 } };
  const { plan } = await cluster.prepareLaunch(dataset, asked);
  expect(plan.estimate).toMatchObject({ figures: 30, hours: null, cost: null });
  const { plan: rated } = await cluster.prepareLaunch(dataset, { ...asked, workers: 3, perSecond: 2 });
  expect(rated.estimate!.hours!.value).toBeCloseTo(30 / 6 / 3600);
  expect(rated.estimate!.cost!.value).toBeCloseTo((30 / 6 / 3600) * 2);
  expect(rated.estimate!.basis).toContain("hours are for 2 captions/s of each worker, as given");
});

test("a password in an endpoint's address is not written down", async () => {
  const { plan } = await cluster.prepareLaunch(dataset, {
    ...{ prompt: "context", model: "m", endpoints: ["http://me:s3cret@host:8000"] },
  });
  expect(plan.problems).toEqual([expect.stringMatching(/^The endpoint at host:8000 has a password/)]);
  expect(JSON.stringify(plan)).not.toContain("s3cret");
});

test("a submitter that is killed once the run is written down leaves one that resume completes", async () => {
  const script = `require(${JSON.stringify(join(programs, "dist/launch.cjs"))})
    .prepareLaunch(${JSON.stringify(dataset)}, ${JSON.stringify(OPTIONS)})
    .then(({ plan, submit }) => { console.log(plan.run); return submit(); })`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  const run = chunk.toString().trim();
  const path = join(dataset, "work", run, "run.json");
  // As soon as there is a run.
  await until(() => Promise.resolve(readOrNull(path) !== null));
  child.kill("SIGKILL");
  await once(child, "exit");
  await until(async () => {
    await cluster.ask(dataset, run, "resume");
    return (await standing(run)) === "finished";
  });
  expect(await rowsOf(dataset, "recaptions")).toHaveLength(30);
  const { tasks } = await cluster.status(dataset, run);
  expect(tasks.filter(({ phase }) => phase === "1-recaption")).toHaveLength(2);
});

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
