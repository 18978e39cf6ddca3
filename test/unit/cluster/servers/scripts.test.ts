import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { serveScript } from "../../../../cluster/src/servers/index.js";

const folder = mkdtempSync(join(tmpdir(), "figloom-scripts-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Programs that write down how they were started, each argument on a line, and the variables that they were given. */
for (const program of ["vllm", "apptainer", "enroot"]) {
  mkdirSync(join(folder, "bin"), { recursive: true });
  const path = join(folder, "bin", program);
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/args\nenv > ${folder}/env\n`);
  chmodSync(path, 0o755);
}

function run(script: "vllm" | "apptainer" | "enroot", env: Record<string, string> = {}) {
  execFileSync("sh", [serveScript(script)], {
    stdio: "pipe",
    env: {
      PATH: `${folder}/bin:${process.env.PATH}`,
      ...{ HOME: folder, TMPDIR: folder, CUDA_VISIBLE_DEVICES: "2", FIGLOOM_GPUS: "2" },
      ...{ FIGLOOM_MODEL: "Qwen/Qwen3-VL-8B", FIGLOOM_HOST: "127.0.0.1", FIGLOOM_PORT: "20417" },
      ...{ FIGLOOM_TENSOR_PARALLEL: "1", FIGLOOM_MEDIA: "/data/my set", FIGLOOM_IMAGE: "/shared/vllm.img" },
      ...env,
    },
  });
  const lines = (file: string) => readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
  const args = lines("args");
  const given = new Map(lines("env").map((line) => line.split(/=(.*)/s) as [string, string]));
  return { args, given, option: (name: string) => args[args.lastIndexOf(name) + 1] };
}

test.each(["vllm", "apptainer", "enroot"] as const)("%s serves what figloom asks for", (script) => {
  const { args, option } = run(script);
  expect(args[args.indexOf("serve") + 1]).toBe("Qwen/Qwen3-VL-8B");
  expect(option("--served-model-name")).toBe("Qwen/Qwen3-VL-8B");
  expect([option("--host"), option("--port")]).toEqual(["127.0.0.1", "20417"]);
  expect(option("--allowed-local-media-path")).toBe("/data/my set");
  expect(JSON.parse(option("--limit-mm-per-prompt")!)).toEqual({ image: 1, video: 0 });
  expect(args).not.toContain("--tensor-parallel-size");
});

test.each(["vllm", "apptainer", "enroot"] as const)(
  "%s takes more options, other weights and several GPUs",
  (script) => {
    const { args, option } = run(script, {
      FIGLOOM_TENSOR_PARALLEL: "4",
      FIGLOOM_WEIGHTS: "/local/weights",
      FIGLOOM_VLLM_ARGS: "--max-num-seqs 128 --dtype auto",
    });
    expect(args[args.indexOf("serve") + 1]).toBe("/local/weights");
    expect(option("--served-model-name")).toBe("Qwen/Qwen3-VL-8B");
    expect([option("--tensor-parallel-size"), option("--mm-encoder-tp-mode")]).toEqual(["4", "data"]);
    expect([option("--max-num-seqs"), option("--dtype")]).toEqual(["128", "auto"]);
  },
);

test.each(["vllm", "apptainer", "enroot"] as const)(
  "%s gets the key without its standing in a command",
  (script) => {
    const { args, given } = run(script, { FIGLOOM_API_KEY: "sesame", HF_TOKEN: "hush" });
    expect(args.join("\n")).not.toMatch(/sesame|hush/);
    const name = script === "apptainer" ? "APPTAINERENV_VLLM_API_KEY" : "VLLM_API_KEY";
    expect(given.get(name)).toBe("sesame");
    if (script === "enroot") expect(args.join(" ")).toContain("--env VLLM_API_KEY");
    expect(run(script).given.has(name)).toBe(false);
  },
);

test.each(["vllm", "apptainer", "enroot"] as const)("%s runs nothing out of another's cache", (script) => {
  const shared = mkdtempSync(join(folder, "tmp-"));
  symlinkSync(folder, join(shared, `figloom-vllm-${process.getuid!()}`));
  expect(() => run(script, { TMPDIR: shared })).toThrow(/was made by somebody else: set VLLM_CACHE_ROOT/);
  const own = join(shared, "own");
  expect([...run(script, { TMPDIR: shared, VLLM_CACHE_ROOT: own }).given.values()]).toContain(own);
});

test("containers see pictures, weights and caches under the names that they have outside", () => {
  const apptainer = run("apptainer", { FIGLOOM_WEIGHTS: "/local/weights" });
  expect(apptainer.args.slice(0, 4)).toEqual([
    "exec",
    "--nv",
    "--bind",
    `/local/weights:/local/weights:ro,/data/my set:/data/my set:ro,${apptainer.given.get("APPTAINERENV_VLLM_CACHE_ROOT")},${folder}/.cache/huggingface`,
  ]);
  const enroot = run("enroot", { FIGLOOM_WEIGHTS: "/local/weights" });
  const mounts = enroot.args.filter((_, at) => enroot.args[at - 1] === "--mount");
  expect(mounts).toContain("/data/my set:/data/my set");
  expect(mounts).toContain("/local/weights:/local/weights");
  expect(enroot.args[enroot.args.indexOf("vllm") - 1]).toBe("/shared/vllm.img");
});

test("without an image a container's script says what is missing", () => {
  const env = { PATH: process.env.PATH };
  for (const script of ["apptainer", "enroot"] as const)
    expect(() => execFileSync("sh", [serveScript(script)], { env, stdio: "pipe" })).toThrow(
      /set FIGLOOM_IMAGE/,
    );
});
