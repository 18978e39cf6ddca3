import { randomUUID } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access, link, mkdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorText } from "figloom/errors";
import { Budget, locateModel, runNamesIn, type StageSpec } from "figloom/stages";
import type { Engine } from "../engine.js";
import type { RunFolder } from "../run/places.js";
import type { RunPlan } from "../run/plan.js";
import { endpointsOf } from "../run/units.js";
import { modelProblem } from "../servers/model-name.js";
import { look } from "./look.js";
import { computes, type Facts, type Measuring } from "./plan.js";
import { openRun, type Launched } from "./read.js";
import { jobOf } from "./submit.js";

/** What was found before a submission, a plain sentence each. */
export interface Findings {
  /** What hinders it. */
  problems: string[];
  /** What may be wrong, and cannot be told from here. */
  doubts: string[];
}

/** Looks for everything that can be wrong with a run before it is submitted. Leaves nothing behind. */
export async function checkLaunch(
  folder: RunFolder,
  plan: RunPlan,
  engine: Engine,
  facts: Pick<Facts, "measured" | "reads" | "device">,
): Promise<Findings> {
  const found = await Promise.all([
    ...numbersOf(plan),
    checkEndpoints(plan),
    checkPrograms(plan),
    checkFolder(folder, plan),
    checkDevice(plan, facts),
    checkOthers(plan),
    ...plan.phases.map((phase) =>
      engine
        .preflight(jobOf(folder, plan, phase, { name: `${plan.run}.${phase.id}.1`, after: [] }))
        .catch((error: unknown) => [errorText(error)]),
    ),
  ]);
  return {
    problems: [...new Set(found.flat())],
    doubts: await doubtsOf(plan, await modelsOf(facts.measured)),
  };
}

function numbersOf({ phases, budget, prices, limits }: RunPlan): string[][] {
  const wrong: string[] = [];
  for (const { id, workers, shardSize } of phases)
    for (const [what, value, most] of [
      ["workers", workers, 10_000],
      ["shardSize", shardSize, 1_000_000],
    ] as const)
      if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= most))
        wrong.push(
          `${what} of ${id} is ${value}: give a whole number from 1 to ${most.toLocaleString("en")}.`,
        );
  for (const [what, value] of Object.entries(limits))
    if (!(Number.isFinite(value) && value > 0))
      wrong.push(`The limit ${what} is ${value}: give a number above 0.`);
  if (limits.staleSeconds < 3 * limits.beatSeconds)
    wrong.push(
      "staleSeconds has to be at least three times beatSeconds: a worker would be taken for dead too early.",
    );
  try {
    new Budget({ ...budget, prices });
  } catch (error) {
    wrong.push(errorText(error));
  }
  return [wrong];
}

/** Addresses are written down, so that they hold no secrets. */
function checkEndpoints({ phases }: RunPlan): string[] {
  const addresses = phases.flatMap(endpointsOf);
  return addresses.flatMap((address) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || !/^https?:$/.test(url.protocol))
      return [`The endpoint ${JSON.stringify(address)} is no http address.`];
    if (url.username === "" && url.password === "") return [];
    return [
      `The endpoint at ${url.host} has a password in its address, which would be written down; ` +
        "give the address without it, and the key in FIGLOOM_API_KEY.",
    ];
  });
}

async function checkPrograms({ program, phases }: RunPlan): Promise<string[]> {
  const [node, worker] = program;
  const models = phases.flatMap(({ serving }) => (serving && "script" in serving ? [serving.model] : []));
  const needed: [path: string, mode: number, what: string][] = [
    [node!, constants.X_OK, "Node's program"],
    [worker!, constants.R_OK, "The workers' program"],
  ];
  for (const { serving } of phases)
    if (serving && "script" in serving)
      needed.push([serving.script, constants.X_OK, "The script that starts a server"]);
  const found = needed.map(async ([path, mode, what]) => {
    if (!path.startsWith("/"))
      return `${what} is given as ${path}: give an absolute path, as the workers see it.`;
    return access(path, mode).then(
      () => null,
      (error: unknown) =>
        `${what}, ${path}, cannot be ${mode === constants.X_OK ? "run" : "read"} (${errorText(error)}).`,
    );
  });
  return [...models.map(modelProblem), ...(await Promise.all(found))].filter((problem) => problem !== null);
}

/** Workers agree by hard links on who does what, in a folder that all of them see. */
async function checkFolder(folder: RunFolder, { dataset }: RunPlan): Promise<string[]> {
  const work = dirname(folder.path);
  const trial = join(work, `.${randomUUID()}`);
  try {
    await mkdir(work, { recursive: true });
    await writeFile(trial, "");
  } catch (error) {
    return [
      `Nothing can be written to ${work} (${errorText(error)}); allow it, or take a copy of the dataset.`,
    ];
  }
  try {
    await link(trial, `${trial}.link`);
    const { nlink } = await stat(trial);
    if (nlink >= 2) return [];
    throw new Error("a linked file has one name");
  } catch (error) {
    return [
      `The file system of ${dataset} has no hard links (${errorText(error)}), by which workers agree on who does what; ` +
        "put the dataset on one that has.",
    ];
  } finally {
    await rm(trial, { force: true });
    await rm(`${trial}.link`, { force: true });
  }
}

/** A GPU that nothing computes on would be waited for, and paid. */
function checkDevice({ phases }: RunPlan, facts: Pick<Facts, "measured" | "reads" | "device">): string[] {
  if (facts.device === "cuda") return [];
  const idle = phases.find(({ spec, resources }) => computes(spec, facts) && (resources.gpus ?? 0) > 0);
  if (!idle) return [];
  return [
    `${idle.id} asks for GPUs, and its model is computed on the processor: set FIGLOOM_ONNX_DEVICE=cuda, or ask for none.`,
  ];
}

/** Folders of the models that workers load. */
async function modelsOf(measured: readonly Measuring[]): Promise<string[]> {
  const models = measured.flatMap(({ model }) => model ?? []);
  const found = await Promise.all(models.map(({ name, kind }) => locateModel(name, kind)));
  return found.flatMap((model) => model?.folder ?? []);
}

/** Two runs on the same results would do everything twice. */
async function checkOthers(plan: RunPlan): Promise<string[]> {
  const own = new Set(plan.phases.map(({ spec }) => subjectOf(spec)));
  const problems: string[] = [];
  for (const run of await runNamesIn(plan.dataset)) {
    if (run === plan.run) continue;
    const other = await openRun(plan.dataset, run).catch(() => null);
    const shared = other?.plan.phases.find(({ spec }) => own.has(subjectOf(spec)));
    if (!other || !shared || isFinished(other)) continue;
    const { state } = await look(other);
    if (["finished", "cancelled", "failed"].includes(state)) continue;
    problems.push(
      `${run} has not finished its ${shared.spec.stage} on this dataset (${state}): resume it, or cancel it first.`,
    );
  }
  return problems;
}

/** Of old runs nobody is asked. */
const isFinished = ({ folder, plan }: Launched): boolean =>
  plan.phases.every(({ id }) => existsSync(folder.phase(id).finished));

/** Which results a stage makes. */
export function subjectOf(spec: StageSpec): string {
  if (spec.stage === "score") return `score ${spec.metric}`;
  if (spec.stage !== "recaption" || !spec.ask) return spec.stage;
  // Captions of another prompt are others, see `Captioner.variant`.
  return `recaption ${basename(spec.ask.prompt)} ${spec.ask.model}`;
}

/** File systems that no other machine sees, see statfs(2). */
const OWN_MEMORY = new Map([
  [0x0102_1994, "tmpfs"],
  [0x8584_58f6, "ramfs"],
  [0x794c_7630, "overlay"],
]);

async function doubtsOf({ dataset, engine, program }: RunPlan, models: readonly string[]): Promise<string[]> {
  if (engine.name === "local") return [];
  const doubts: string[] = [];
  for (const path of new Set([dataset, ...program.map((file) => dirname(file)), ...models])) {
    const kind = OWN_MEMORY.get(
      await statfs(path).then(
        ({ type }) => type,
        () => 0,
      ),
    );
    if (kind !== undefined)
      doubts.push(
        `${path} lies on a ${kind}, which other machines usually do not see; the first task will tell.`,
      );
  }
  return doubts;
}
