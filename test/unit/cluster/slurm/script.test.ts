import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkOptions } from "../../../../cluster/src/slurm/options.js";
import { jobScript } from "../../../../cluster/src/slurm/script.js";
import { taskLine } from "../../../../cluster/src/slurm/words.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "figloom-script-"));
  mkdirSync(join(folder, "records"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the job script as Slurm does on a node. */
function run(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { ...process.env, SLURM_ARRAY_JOB_ID: "7", SLURM_ARRAY_TASK_ID: "0", SLURMD_NODENAME: "n1" };
  const script = join(folder, "script.sh");
  writeFileSync(script, jobScript(checkOptions({ folder })));
  return new Promise((resolve) => {
    const child = execFile(
      "bash",
      [script, folder, "0", "0"],
      { env, timeout: 20_000 },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test("the script runs its task, and writes down how that ended", async () => {
  const command = ["sh", "-c", 'echo "$1|$FIGLOOM_TASK_ID|$MORE"; exit 3', "sh", "$(id) 'a'\n"];
  writeFileSync(
    join(folder, "tasks"),
    `${taskLine({ id: "w0", command, cwd: folder, env: { MORE: "a b" } })}\n`,
  );
  expect(await run()).toEqual({ code: 3, stdout: "$(id) 'a'\n|w0|a b\n", stderr: "" });
  expect(readFileSync(join(folder, "records/0"), "utf8")).toMatch(
    /^begin 0 7_0 n1 \S+ \nend 0 7_0 n1 \S+ 3\n$/,
  );
});

test("a node that cannot read what is to be done says so, and stops", async () => {
  const { code, stderr } = await run();
  expect(code).toBe(78);
  expect(stderr).toContain(`The line of task 0 in ${folder}/tasks cannot be read on n1.`);
});

test("what ends up in the script is names, and options that jobs can be followed with", () => {
  const options = checkOptions({ folder, lines: ["--mail-type=END"] });
  expect(jobScript(options, { partition: "cpu,gpu" })).toContain("#SBATCH --partition=cpu,gpu\n");
  expect(() => jobScript(options, { partition: "a\n#SBATCH --uid=0" })).toThrow(/^The partition "a\\n/);
  for (const line of ["-M other", "--clusters=other", "--wait", "-W"])
    expect(() => checkOptions({ folder, lines: [line] })).toThrow(/^slurm's lines is/);
  expect(() => checkOptions({ template: "nowhere.sh" })).toThrow(
    /^slurm's template \/.*nowhere\.sh is not there/,
  );
});
