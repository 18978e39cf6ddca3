import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NOTEBOOKS, program, ROOT } from "../../notebooks/setup/places.mjs";
import { startKernel } from "../support/tslab-kernel.js";

describe("the wheel, installed by pip", () => {
  const folder = mkdtempSync(join(tmpdir(), "figloom-wheel-test-"));
  const jupyter = join(folder, "prefix", "share", "jupyter");
  const env = { ...process.env, JUPYTER_PATH: jupyter, JUPYTER_CONFIG_DIR: folder, JUPYTER_DATA_DIR: folder };
  const start = join(jupyter, "kernels", "figloom", "start.cjs");

  beforeAll(() => {
    const build = [
      join(ROOT, "extension", "wheel", "build.mjs"),
      "--python",
      program("python"),
      "--out",
      folder,
    ];
    const wheel = execFileSync(process.execPath, build, { encoding: "utf8" }).trim();
    const install = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-deps",
      "--prefix",
      join(folder, "prefix"),
      wheel,
    ];
    execFileSync(program("python"), install, { stdio: "pipe" });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("JupyterLab finds the extension in working order", () => {
    const { stdout, stderr } = spawnSync(program("jupyter"), ["labextension", "list"], {
      env,
      encoding: "utf8",
    });
    const said = stdout + stderr;
    expect(said).toContain(jupyter);
    expect(said).toMatch(/@figloom\/labextension v\d\S* .*enabled.*OK.*\(python, figloom-jupyterlab\)/);
  });

  test("Jupyter finds the kernel, which names no folder of the machine that built it", () => {
    const listed = execFileSync(program("jupyter"), ["kernelspec", "list", "--json"], {
      env,
      encoding: "utf8",
    });
    const { kernelspecs } = JSON.parse(listed) as { kernelspecs: Record<string, { resource_dir: string }> };
    expect(kernelspecs["figloom"]!.resource_dir).toBe(join(jupyter, "kernels", "figloom"));
    expect(readFileSync(join(jupyter, "kernels", "figloom", "kernel.json"), "utf8")).not.toContain(ROOT);
  });

  test("the kernel runs cells with the figloom that stands beside the notebook", async () => {
    const kernel = await startKernel({ cwd: NOTEBOOKS, program: [start] });
    try {
      const { reply, messages } = await kernel.execute(
        `import { VERSION } from "figloom";\nconsole.log("figloom", VERSION);`,
      );
      expect(reply).toMatchObject({ status: "ok", execution_count: 1 });
      expect(messages.map(({ content }) => content["text"]).join("")).toMatch(/figloom \d+\.\d+\.\d+/);
    } finally {
      await kernel.stop();
    }
  });

  test("without figloom the kernel says what to install", () => {
    const { status, stderr } = spawnSync(process.execPath, [start, "--config-path", "none"], {
      cwd: folder,
      env: { ...env, FIGLOOM_HOME: "" },
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain("npm install figloom");
  });
});
