import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { executedAcross } from "../notebooks/across-kernels.js";
import { type Cell, errorsIn, textOf } from "../notebooks/executed.js";
import { type Slurm, startSlurm } from "../support/slurm/slurm.js";

describe("05-full-run.ipynb on a real Slurm, its kernel killed once the run goes on", () => {
  let cluster: Slurm;
  let death: string;
  let cells: Cell[];

  beforeAll(async () => {
    cluster = await startSlurm({ nodes: 3 });
    ({ death, cells } = await executedAcross("05-full-run.ipynb", "run.pause()", cluster.env));
  }, 600_000);
  afterAll(() => cluster?.stop());

  test("another kernel finds the run, resumes it, and every figure is done once", () => {
    expect(death).toContain("died");
    expect(errorsIn(cells)).toEqual([]);
    expect(textOf(cells, "again.runs()")).toMatch(/on slurm: paus(ing|ed)/);
    expect(textOf(cells, "found.resume()")).toBe(
      "finished: recaption: 45 done, 0 quarantined; score support: 90 done, 0 quarantined\n",
    );
    expect(textOf(cells, "again.summary()")).toContain("captions: context@Qwen/Qwen3-VL-8B-Instruct 45\n");
  });

  test("its tasks ran on nodes of the cluster, with GPUs for those that caption", () => {
    const report = textOf(cells, "ended.report()");
    expect(report).toMatch(/\| `w\d\.0\.\w+` \| `n[123]` \|/);
    expect(report).toMatch(/\| GPU-hours \| 0\.\d+ \|/);
  });
});
