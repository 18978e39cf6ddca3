import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleKernel, type KernelBundle } from "../../../support/kernel-bundle.js";
import { connectionFile, sleep, startKernel, TSLAB } from "../../../support/tslab-kernel.js";

let bundle: KernelBundle;
beforeAll(async () => {
  bundle = await bundleKernel();
});
afterAll(() => bundle?.remove());

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a kernel ends when the Jupyter that started it is killed", async () => {
  const { file } = await connectionFile();
  const program = `
    const args = ${JSON.stringify(["--require", bundle.preload, TSLAB, "kernel", "--config-path", file])};
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
    const child = require("node:child_process").spawn(process.execPath, args, { stdio: "ignore", env });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const jupyter = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) =>
    jupyter.stdout.once("data", (text) => resolve(Number(text))),
  );
  await sleep(1000);
  expect(isAlive(pid)).toBe(true);
  jupyter.kill("SIGKILL");
  while (isAlive(pid)) await sleep(100);
  rmSync(join(file, ".."), { recursive: true });
});

test("a shutdown ends the kernel although background work goes on", async () => {
  const kernel = await startKernel({ cwd: bundle.folder, preload: bundle.preload });
  await kernel.execute("setInterval(() => {}, 1000); undefined");
  expect((await kernel.request("shutdown_request", { restart: true })).reply).toEqual({
    status: "ok",
    restart: true,
  });
  while (isAlive(kernel.pid)) await sleep(50);
  await kernel.stop();
});

test("the preload does nothing in worker threads and child processes", () => {
  const program = `
    const { Worker } = require("node:worker_threads");
    const log = "console.log(globalThis[Symbol.for('figloom.kernel')].mended, !require.cache[Object.keys(require.cache).find((f) => f.includes('tslab'))])";
    new Worker(log, { eval: true });`;
  const { stdout } = spawnSync(process.execPath, ["--require", bundle.preload, "-e", program], {
    encoding: "utf8",
  });
  expect(stdout).toBe("null true\n");
});

test("a tslab that does not fit is named and runs as it is", async () => {
  const other = join(bundle.folder, "node_modules", "tslab");
  mkdirSync(join(other, "dist"), { recursive: true });
  const real = JSON.stringify(join(TSLAB, "..", "..", "dist"));
  writeFileSync(join(other, "package.json"), JSON.stringify({ name: "tslab", version: "9.9.9" }));
  for (const file of ["main", "jupyter", "executor"])
    writeFileSync(join(other, "dist", `${file}.js`), `module.exports = require(${real} + "/${file}.js");`);
  const typescript = join(other, "node_modules", "@tslab", "typescript-for-tslab");
  mkdirSync(typescript, { recursive: true });
  writeFileSync(join(typescript, "index.js"), "");
  const kernel = await startKernel({ cwd: bundle.folder, preload: bundle.preload });
  expect(kernel.terminal()).toContain("it is version 9.9.9, not 1.0. It runs as it is.");
  expect((await kernel.execute("console.log(1)")).reply).toEqual({ status: "ok", execution_count: 1 });
  await kernel.stop();
  rmSync(other, { recursive: true });
});
