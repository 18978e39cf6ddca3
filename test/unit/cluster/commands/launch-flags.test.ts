import { Command } from "commander";
import { expect, test } from "vitest";
import {
  launchOptions,
  metricChoice,
  withLaunchFlags,
  type LaunchFlags,
} from "../../../../cluster/src/commands/launch-flags.js";
import { refuseSlurmFlags } from "../../../../cluster/src/commands/slurm-flags.js";

function flagsOf(...args: string[]): LaunchFlags {
  const command = withLaunchFlags(new Command("run").argument("<dataset>")).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  return command.parse(["data", ...args], { from: "user" }).opts<LaunchFlags>();
}
const optionsOf = (...args: string[]) => launchOptions(flagsOf(...args), "local");

test("without flags it is captions on this machine, and everything else as usual", () => {
  expect(optionsOf()).toEqual({
    ...{
      stages: ["recaption"],
      on: "local",
      resources: { cpu: {}, gpu: {}, score: {} },
      budget: {},
      prices: {},
    },
  });
});

test("flags become options of the same meaning", () => {
  const flags =
    "--stages recaption,score --prompt context --model m --serve apptainer --gpus-each 2 --workers 4 --cpu-workers 1 " +
    "--minutes 240 --cpus 96 --cpu-partition small --budget-cost 5 --gpu-hour 2.5 --limit 10 --metrics support,clip " +
    "--clip clip-l14 --clip-endpoint http://c:1 --replace --score-workers 8 --gpus-per-score-task 1 " +
    "--inherit A_KEY --inherit B_KEY --retry-failed";
  expect(optionsOf(...flags.split(" "), "--where", "width > 100")).toEqual({
    ...{ stages: ["recaption", "score"], on: "local", prompt: "context", model: "m", limit: 10 },
    ...{ replace: true, where: "width > 100", retryFailed: true, inherit: ["A_KEY", "B_KEY"] },
    serve: { script: "apptainer", gpusEach: 2 },
    workers: { gpu: 4, cpu: 1, score: 8 },
    resources: {
      gpu: { minutes: 240, cpus: 96 },
      cpu: { minutes: 240, cpus: 96, partition: "small" },
      score: { minutes: 240, cpus: 96, gpus: 1 },
    },
    ...{ budget: { cost: 5 }, prices: { gpuHour: 2.5 } },
  });
});

test("servers that run already are named one by one, and --serve alone means the usual script", () => {
  expect(optionsOf("--endpoint", "http://a:1", "--endpoint", "http://b:1")).toMatchObject({
    endpoints: ["http://a:1", "http://b:1"],
  });
  expect(optionsOf("--serve")).toMatchObject({ serve: {} });
});

test("what reads the text on figures is plain JSON, checked where it is made use of", () => {
  const flags =
    "--ocr-reader vllm --ocr-model org/reader --ocr-endpoint http://a:1 --ocr-endpoint http://b:1";
  expect(optionsOf("--stages", "ingest,ocr", ...flags.split(" "))).toMatchObject({
    stages: ["ingest", "ocr"],
    ocr: { kind: "vllm", model: "org/reader", endpoints: ["http://a:1", "http://b:1"] },
  });
  expect(optionsOf("--ocr-model", "m")).toMatchObject({ ocr: { kind: "tesseract", model: "m" } });
});

test("metrics are chosen as for figloom score", () => {
  expect(metricChoice(flagsOf())).toBeNull();
  expect(metricChoice(flagsOf("--as", "support-2"))).toEqual({ metrics: ["support"], as: "support-2" });
  const flags =
    "--metrics clip,pppl --clip clip-l14 --mlm scibert --clip-endpoint http://c:1 --clip-endpoint http://d:1";
  expect(metricChoice(flagsOf(...flags.split(" ")))).toEqual({
    ...{ metrics: ["clip", "pppl"], clip: "clip-l14", mlm: "scibert" },
    clipEndpoint: ["http://c:1", "http://d:1"],
  });
});

test("what is meant for a cluster does not start on its login host", () => {
  const flags = flagsOf("--gpu-type", "h100", "--sbatch", "--exclusive", "--workers", "2");
  expect(() => refuseSlurmFlags(flags, { nodes: 4, "cpu-partition": undefined })).toThrow(
    "--gpu-type, --sbatch, --nodes are for Slurm: add --on slurm, or leave them out.",
  );
  refuseSlurmFlags(flagsOf("--workers", "2"));
});

test.each([
  ["--workers", "0"],
  ["--on", "kubernetes"],
  ["--budget-hours", "-1"],
  ["--minutes", "soon"],
])("%s %s is refused", (...args) => {
  expect(() => flagsOf(...args)).toThrow(/invalid/);
});
