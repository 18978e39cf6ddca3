import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identify, liveness } from "../../../../kernel-lib/src/processes/index.js";

const self = identify(process.pid)!;

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
