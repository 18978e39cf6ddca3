import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { endGroup } from "../../../../cluster/src/local/processes.js";
import { identify } from "../../../../kernel-lib/src/processes/index.js";
import { until } from "../../../support/until.js";

test("ending a group reaches the children of a leader that has died", async () => {
  const leader = spawn("/bin/sh", ["-c", "sleep 600 & echo $!"], { detached: true });
  const [printed] = (await once(leader.stdout, "data")) as [Buffer];
  await until(() => leader.exitCode === 0);
  const child = Number(printed.toString());
  expect(identify(child)).toBeDefined();
  await endGroup(leader.pid!, 5000);
  expect(identify(child)).toBeUndefined();
});
