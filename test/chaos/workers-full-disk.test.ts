import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readQuarantine } from "../../kernel-lib/src/dataset/quarantine.js";
import { openLab } from "../../kernel-lib/src/lab/lab.js";
import { bundlePrograms } from "../support/bundle-programs.js";
import { makeRun, rowsOf } from "../support/runs/rig.js";
import { EXTRACTIVE } from "../support/runs/specs.js";
import { synthesize } from "../support/synthetic/dataset.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "figloom-full-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * A worker whose dataset lies on a disk that has little room left at first, and more each time that it is started again
 * after the run was resumed. Prints the exit codes; what it
 * says is in the file `said`.
 */
const SCRIPT = `
mount -t tmpfs tmpfs disk
cp -a plan/. disk/
used=$(df -k --output=used disk | tail -n 1)
restart=0
for room in "$@"; do
  mount -o remount,size="$((used + room))"k disk
  rm -f "$RUN/stop.json"
  code=0
  FIGLOOM_RESTART_COUNT=$restart "$NODE" "$PROGRAM" "$RUN" 1-recaption >> said 2>&1 || code=$?
  echo "$code"
  restart=$((restart + 1))
done
cp -a disk/. result/
`;

test("workers on a full disk stop with a sentence; once there is room nothing is lost or done twice", async () => {
  const [disk, plan, result, alike] = ["disk", "plan", "result", "alike"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await synthesize(disk, { figures: 60, seed: 3, size: () => ({ width: 32, height: 32 }) });
  cpSync(disk, alike, { recursive: true });
  await (await openLab(alike)).recaption();
  const { run } = await makeRun(disk, [{ spec: EXTRACTIVE, shardSize: 20 }]);
  renameSync(disk, plan);
  [disk, result].forEach((path) => mkdirSync(path));
  const programs = await bundlePrograms("workers-full-disk", {
    worker: "test/support/runs/worker-program.ts",
  });

  const printed = execFileSync("unshare", ["-rm", "sh", "-euc", SCRIPT, "sh", "60", "120", "100000"], {
    ...{ cwd: folder, encoding: "utf8" },
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...{ NODE: process.execPath, PROGRAM: join(programs, "worker.cjs"), RUN: run.path },
      ...{ FIGLOOM_JOB_ID: "7", FIGLOOM_TASK_ID: "w0" },
    },
  });
  expect(printed.trim().split("\n")).toEqual(["1", expect.stringMatching(/^[01]$/) as string, "0"]);
  expect(readFileSync(join(folder, "said"), "utf8")).toMatch(
    /^The disk is full in .* What was done is kept: mend that and start the same again\.$/m,
  );
  expect(await rowsOf(result, "recaptions")).toEqual(await rowsOf(alike, "recaptions"));
  expect(await readQuarantine(result)).toEqual([]);
});
