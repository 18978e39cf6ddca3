import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SlurmCommands } from "../../../../cluster/src/slurm/commands.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "figloom-ssh-"));
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Puts a program of ours before the system's. */
function instead(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}
const there = new SlurmCommands("me@login");

test("what a login host and the login's own files print is no answer", async () => {
  instead("ssh", "echo 'Authorized use only.' >&2; echo '20 users, 3|up|1'; exec /bin/sh -s");
  instead("sbatch", "echo 123; echo warned >&2");
  expect(await there.ask(["sbatch"])).toEqual({ code: 0, stdout: "123\n", stderr: "warned\n" });
  await expect(there.ask(["no-such-program"])).rejects.toThrow("There is no no-such-program on me@login");
});

test.each([
  [
    "echo 'This account is not available.'; exit 1",
    /^me@login runs no commands by ssh \(it said: This account/,
  ],
  [
    "echo 'Authorized use only.\nssh: connect to host login port 22: No route to host' >&2; exit 255",
    /^me@login cannot be reached by ssh: ssh: connect to host login port 22: No route to host\. It must/,
  ],
])("a host that runs nothing is told apart: %s", async (script, why) => {
  instead("ssh", script);
  await expect(there.ask(["squeue"])).rejects.toThrow(why);
});

test("without ssh, a command that may not be run, and one that is killed, each say so", async () => {
  vi.stubEnv("PATH", folder);
  await expect(there.ask(["squeue"])).rejects.toThrow(/^There is no ssh on this machine/);
  const here = new SlurmCommands();
  instead("sinfo", "");
  chmodSync(join(folder, "sinfo"), 0o000);
  await expect(here.ask(["sinfo"])).rejects.toThrow(/^sinfo cannot be run here: .*EACCES/);
  instead("sbatch", "kill -9 $$");
  await expect(here.submit(["sbatch"], [])).rejects.toThrow(/^sbatch was ended by SIGKILL/);
});
