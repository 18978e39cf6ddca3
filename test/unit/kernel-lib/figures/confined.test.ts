import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { runConfined } from "../../../../kernel-lib/src/figures/confined.js";
import { findProgram } from "../../../../kernel-lib/src/figures/find-program.js";

const forever = new AbortController().signal;
const hasLimits = (await findProgram("prlimit")) !== undefined;

it("gives a program nothing of this process's environment, and a folder that is gone afterwards", async () => {
  process.env.FIGLOOM_API_KEY = "sk-very-secret";
  const out = await runConfined(["/bin/sh", "-c", "env; pwd"], Buffer.alloc(0), 10, forever);
  delete process.env.FIGLOOM_API_KEY;
  const said = Buffer.from(out).toString();
  expect(said).not.toContain("sk-very-secret");
  expect(existsSync(said.trim().split("\n").at(-1)!)).toBe(false);
});

it.runIf(hasLimits)("gives a program an end of its own, should nobody be left to stop it", async () => {
  const out = await runConfined(["/bin/sh", "-c", "ulimit -t"], Buffer.alloc(0), 10, forever);
  expect(Buffer.from(out).toString().trim()).toBe("40");
});
