import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { resumeRun } from "../../../../cluster/src/launch/control.js";
import { logsOf } from "../../../../cluster/src/launch/logs.js";
import { look } from "../../../../cluster/src/launch/look.js";
import { planRun } from "../../../../cluster/src/launch/plan.js";
import { openRun, type Launched } from "../../../../cluster/src/launch/read.js";
import { createRun } from "../../../../cluster/src/launch/submit.js";
import { programsOf, trustedEngine, trustRun } from "../../../../cluster/src/launch/trust.js";
import { RunFolder } from "../../../../cluster/src/run/places.js";

const RUN = "20261121T143355Z-recaption-3f2a9c";
const base = mkdtempSync(join(tmpdir(), "figloom-trust-"));
const usual = process.env["XDG_STATE_HOME"];
let launched: Launched;

beforeEach(async () => {
  process.env["XDG_STATE_HOME"] = mkdtempSync(join(base, "state-"));
  const dataset = mkdtempSync(join(base, "dataset-"));
  writeFileSync(join(dataset, "dataset.json"), "{}");
  const folder = new RunFolder(join(dataset, "work", RUN));
  const plan = planRun(
    { stages: ["recaption"] },
    {
      ...{ run: RUN, folder: folder.path, dataset, created: new Date(0), version: "0.1.0", nodes: 1 },
      ...{ engine: { name: "local", options: {} }, program: ["/node", "/worker.cjs"], sources: "/none" },
      ...{ ask: null, reads: null, serving: null, items: { recaption: 10 }, measured: [], device: "cpu" },
    },
  );
  await createRun(folder, plan, () => Promise.resolve());
  mkdirSync(folder.jobs);
  launched = await openRun(dataset, RUN);
});
afterEach(() => {
  process.env["XDG_STATE_HOME"] = usual;
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const asStranger = () => (process.env["XDG_STATE_HOME"] = mkdtempSync(join(base, "state-")));

test("whoever launched a run has its engine", async () => {
  expect((await trustedEngine(launched)).name).toBe("local");
});

test("of a stranger's run nothing is started, and no engine is asked", async () => {
  const job = { number: 1, phase: "1-recaption", name: "x", at: "", by: {}, handle: null };
  writeFileSync(join(launched.folder.jobs, "1.json"), JSON.stringify(job));
  asStranger();
  const takeOver = `figloom run trust ${launched.dataset} ${RUN}`;
  await expect(resumeRun(launched)).rejects.toThrow(takeOver);
  await expect(logsOf(launched, { task: "w0" })).rejects.toThrow(takeOver);
  const { state, said } = await look(launched);
  expect([state, said]).toEqual(["unknown", expect.stringContaining(takeOver)]);
});

test("a run that was taken over is one's own, until its plan is changed", async () => {
  asStranger();
  expect(programsOf(launched)).toContain("workers  /node /worker.cjs");
  await trustRun(RUN, readFileSync(launched.folder.plan, "utf8"));
  expect((await trustedEngine(launched)).name).toBe("local");
  appendFileSync(launched.folder.plan, "\n");
  await expect(trustedEngine(launched)).rejects.toThrow("somebody else");
});
