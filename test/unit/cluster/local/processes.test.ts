import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { claimJob, latestClaim } from "../../../../cluster/src/local/claims.js";
import { JobFolder } from "../../../../cluster/src/local/folder.js";
import { endGroup, identify, liveness } from "../../../../cluster/src/local/processes.js";
import { until } from "./workbench.js";

const self = identify(process.pid)!;

function emptyJob(): JobFolder {
  const root = mkdtempSync(join(tmpdir(), "figloom-claims-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = new JobFolder(join(root, "job"));
  folder.create({
    id: "job",
    name: "job",
    tasks: [],
    slots: 1,
    graceSeconds: 1,
    submitted: "2026-01-01T00:00:00Z",
  });
  return folder;
}

test("a process is alive under its own identity, and dead once it has ended", async () => {
  const child = spawn("sleep", ["600"]);
  const identity = identify(child.pid!)!;
  expect(liveness(identity)).toBe("alive");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(liveness(identity)).toBe("dead");
  expect(identify(child.pid!)).toBeUndefined();
});

test("a pid that another process has now, or had before a reboot, is not taken for the first one", () => {
  expect(liveness({ ...self, started: `${self.started}0` })).toBe("dead");
  expect(liveness({ ...self, boot: "an earlier boot" })).toBe("dead");
});

test("nothing is said of a process of another machine", () => {
  expect(liveness({ ...self, host: "another-machine" })).toBe("elsewhere");
});

test("ending a group reaches the children of a leader that has died", async () => {
  const leader = spawn("/bin/sh", ["-c", "sleep 600 & echo $!"], { detached: true });
  const [printed] = (await once(leader.stdout, "data")) as [Buffer];
  await until(() => leader.exitCode === 0);
  const child = Number(printed.toString());
  expect(identify(child)).toBeDefined();
  await endGroup(leader.pid!, 5000);
  expect(identify(child)).toBeUndefined();
});

test("a job is claimed once while its holder lives, and again with the next number when it is dead", () => {
  const folder = emptyJob();
  expect(claimJob(folder)).toMatchObject({ number: 1, holder: { pid: process.pid } });
  expect(claimJob(folder)).toBeUndefined();

  // The same pid, but of a process that started at another time.
  writeFileSync(join(folder.supervisors, "1.json"), JSON.stringify({ ...self, started: "1" }));
  expect(claimJob(folder)).toMatchObject({ number: 2 });
  expect(latestClaim(folder)).toMatchObject({ number: 2, holder: self });
});

test("a job that another machine holds is not claimed", () => {
  const folder = emptyJob();
  writeFileSync(join(folder.supervisors, "1.json"), JSON.stringify({ ...self, host: "another-machine" }));
  expect(claimJob(folder)).toBeUndefined();
});
