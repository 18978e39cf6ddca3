/** Starting, watching and stopping fleets: servers that stand by for cells and commands. */
import { existsSync, realpathSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "figloom/errors";
import { FLEET_NAME, fleetsFolder, readFleet, readFleets } from "figloom/fleet";
import type { Engine, Resources, TaskStatus } from "../engine.js";
import { engineOf } from "../launch/engines.js";
import { local } from "../local/local.js";
import { modelProblem, SERVER_VARIABLES, serveScript, SERVE_SCRIPTS } from "../servers/index.js";
import { FleetFolder, type FleetPlan } from "./plan.js";
import { FleetStatus, statusOf } from "./status.js";

export interface FleetOptions {
  /** What is loaded: a hub's id or a folder, as the nodes see it. */
  model: string;
  /** Who gives the machines: `local` or an engine, such as `slurm({ partition: "h100" })`. @default "local" */
  on?: "local" | Engine;
  /** @default the model's name */
  name?: string;
  /** How many nodes; each is a task of its own, and serves as soon as it has its machine. @default 1 */
  nodes?: number;
  /** Seconds without a request after which a node leaves; `null` for never. @default 1800 */
  idle?: number | null;
  /** The script that becomes a server: a file, or one that comes with the package. @default "vllm" */
  serve?: keyof typeof SERVE_SCRIPTS | (string & {});
  /** GPUs of one server. @default 1 */
  gpusEach?: number;
  /** Folder below which servers may read pictures: put datasets there. @default the current folder */
  media?: string;
  /** Of a node. @default 8 GPUs, where the engine is not this machine */
  resources?: Resources;
  /** Seconds until a server must be up. @default 1800 */
  patience?: number;
  /** More variables that nodes get from this environment, by name: scripts may want some. */
  inherit?: string[];
  /** Folder of fleets, seen by the nodes and by cells. @default FIGLOOM_FLEET, or `.figloom/fleet` here or above */
  folder?: string;
  /** Node's program, as the nodes see it. @default this process's */
  node?: string;
  /** Seconds between heartbeats. @default 5 */
  beatSeconds?: number;
}

const IDLE_SECONDS = 1800;
const PATIENCE = 1800;
const GPUS_OF_A_NODE = 8;
const NOTICE_SECONDS = 60;
/** How long to wait for a first word of a node of this machine, and for all to leave before they are ended. */
const FIRST_WORD_MS = 20_000;
const LEAVE_MS = 60_000;
const LOOK_MS = 200;
/** Between looks at nodes that are to leave: soon at first, and then as seldom as a scheduler likes to be asked. */
const [LEAST_PAUSE_MS, MOST_PAUSE_MS] = [1000, 10_000];

/**
 * Starts servers that stand by: cells and commands that name no server find them (`vllm()`). Returns once the engine has
 * the job; servers take minutes to load, and cells wait for them.
 * @throws {ConfigurationError} where a fleet of this name lives, or the engine would refuse the job
 */
export async function start(options: FleetOptions): Promise<FleetStatus> {
  const { model, nodes = 1, name = nameOf(model), resources = {} } = options;
  if (!FLEET_NAME.test(name))
    throw new ConfigurationError(
      `A fleet cannot be called ${JSON.stringify(name)}: give a name (--name) of letters, digits, '.', '_' and '-'.`,
    );
  if (!Number.isInteger(nodes) || nodes < 1)
    throw new ConfigurationError(`nodes is ${nodes}: give a whole number from 1.`);
  const unclear = modelProblem(model);
  if (unclear !== null) throw new ConfigurationError(unclear);
  const folder = new FleetFolder(join(folderOf(options), name));
  await makeRoom(folder, name);
  const engine = engineFor(options.on, folder, nodes);
  const isHere = engine.name === "local";
  const gpus = resources.gpus ?? (isHere ? null : GPUS_OF_A_NODE);
  const plan = planOf(options, { name, engine, gpus, expose: !isHere });
  const cwd = plan.media;
  const job = {
    name: `fleet-${name}`,
    tasks: Array.from({ length: nodes }, (_, at) => ({
      id: `node-${at + 1}`,
      command: [options.node ?? process.execPath, memberProgram(), folder.path],
      cwd,
      inherit: [
        ...new Set([
          ...SERVER_VARIABLES,
          ...(isHere ? ["CUDA_VISIBLE_DEVICES"] : []),
          ...(options.inherit ?? []),
        ]),
      ],
    })),
    resources: { noticeSeconds: NOTICE_SECONDS, ...resources, ...(gpus !== null && { gpus }) },
  };
  const [problem] = await engine.preflight(job);
  if (problem !== undefined) throw new ConfigurationError(problem);
  folder.create(plan);
  try {
    folder.saveJob(await engine.submit(job));
  } catch (error) {
    rmSync(folder.path, { recursive: true, force: true });
    throw error;
  }
  if (isHere) await firstWord(folder);
  return new FleetStatus([await statusOf(folder.path)]);
}

/** How all fleets of a folder are, or one. Asks their servers and engines; takes some seconds at most. */
export async function status(options: { name?: string; folder?: string } = {}): Promise<FleetStatus> {
  return new FleetStatus(await Promise.all(chosen(options).map((folder) => statusOf(folder))));
}

/**
 * Stops a fleet, or all: nodes finish what they have, those that do not leave within a minute are ended. Returns when
 * they are gone.
 */
export async function stop(options: { name?: string; folder?: string } = {}): Promise<FleetStatus> {
  const folders = chosen(options);
  await Promise.all(folders.map((folder) => stopOne(new FleetFolder(folder))));
  return new FleetStatus(await Promise.all(folders.map((folder) => statusOf(folder))));
}

async function stopOne(folder: FleetFolder): Promise<void> {
  folder.askToStop();
  const job = folder.job();
  if (!job) return;
  const engine = engineOf(folder.plan().engine);
  const deadline = performance.now() + LEAVE_MS;
  // Those that have not begun read no file, and of those that are lost nobody sees whether they leave.
  const unseen = (await engine.status(job)).filter(({ state }) => state === "queued" || state === "lost");
  if (unseen.length > 0)
    await engine.cancel(
      job,
      unseen.map(({ id }) => id),
    );
  for (let pause = LEAST_PAUSE_MS; (await engine.status(job)).some(isUnfinished);) {
    if (performance.now() > deadline) return engine.cancel(job);
    await sleep(pause);
    pause = Math.min(1.5 * pause, MOST_PAUSE_MS);
  }
}

const isUnfinished = ({ state }: TaskStatus): boolean => state === "queued" || state === "running";

/** Folders of the fleets that are meant. */
function chosen(options: { name?: string; folder?: string }): string[] {
  const root = folderOf(options);
  const fleets = readFleets(root);
  const wanted = fleets.filter(({ name }) => options.name === undefined || name === options.name);
  if (wanted.length === 0 && options.name !== undefined)
    throw new ConfigurationError(
      `There is no fleet ${options.name} in ${root}${fleets.length > 0 ? `, but ${fleets.map(({ name }) => name).join(", ")}` : ""}.`,
    );
  return wanted.map(({ folder }) => folder);
}

const folderOf = ({ folder }: { folder?: string }): string =>
  folder === undefined ? fleetsFolder() : resolve(folder);

/** `Qwen/Qwen3-VL-8B-Instruct` is called `qwen3-vl-8b-instruct`. */
const nameOf = (model: string): string =>
  (model.split("/").filter(Boolean).at(-1) ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 60);

/** Takes away what is left of a fleet of this name that has ended. */
async function makeRoom(folder: FleetFolder, name: string): Promise<void> {
  if (!existsSync(folder.path)) return;
  if (!readFleet(folder.path))
    throw new ConfigurationError(
      `${folder.path} holds something else: give the fleet another name (--name).`,
    );
  const job = folder.job();
  const tasks = job ? await engineOf(folder.plan().engine).status(job) : [];
  if (tasks.some(isUnfinished))
    throw new ConfigurationError(
      `A fleet ${name} is there already: stop it (figloom fleet stop ${name}), or give another name (--name).`,
    );
  // What is lost may still run.
  const lost = tasks.filter(({ state }) => state === "lost").map(({ id }) => id);
  if (lost.length > 0) await engineOf(folder.plan().engine).cancel(job!, lost);
  rmSync(folder.path, { recursive: true, force: true });
}

function engineFor(on: FleetOptions["on"], folder: FleetFolder, nodes: number): Engine {
  if (on === undefined || on === "local") return local({ folder: folder.jobs, slots: nodes });
  if (typeof on === "object" && typeof on.submit === "function") return on;
  throw new ConfigurationError(
    `on is ${JSON.stringify(on)}: give "local", or local() or slurm() of @figloom/cluster.`,
  );
}

function planOf(
  options: FleetOptions,
  { name, engine, gpus, expose }: { name: string; engine: Engine; gpus: number | null; expose: boolean },
): FleetPlan {
  const {
    model,
    idle = IDLE_SECONDS,
    serve = "vllm",
    gpusEach = 1,
    media = ".",
    patience = PATIENCE,
  } = options;
  if (idle !== null && !(idle > 0))
    throw new ConfigurationError(
      `idle is ${idle}: give seconds over 0, or null for a fleet that never leaves.`,
    );
  const script = Object.hasOwn(SERVE_SCRIPTS, serve)
    ? serveScript(serve as keyof typeof SERVE_SCRIPTS)
    : resolve(serve);
  if (!existsSync(script))
    throw new ConfigurationError(
      `The script ${script} is not there: give a file, or one of ${Object.keys(SERVE_SCRIPTS).join(", ")}.`,
    );
  if (!existsSync(media))
    throw new ConfigurationError(`The folder ${resolve(media)} is not there: give another.`);
  return {
    ...{
      name,
      model,
      created: new Date().toISOString(),
      engine: engine.choice,
      expose,
      keyed: Boolean(process.env["FIGLOOM_API_KEY"]),
      gpus,
      idleSeconds: idle,
    },
    serving: { model, script, gpusEach, patience },
    media: realpathSync(media),
    beatSeconds: options.beatSeconds ?? 5,
  };
}

/** On this machine a node is there at once, and has said so: a command that follows finds it. */
async function firstWord(folder: FleetFolder): Promise<void> {
  const deadline = performance.now() + FIRST_WORD_MS;
  while (readFleet(folder.path)?.members.length === 0 && performance.now() < deadline) await sleep(LOOK_MS);
}

/** Beside this file when bundled. */
function memberProgram(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    for (const path of [join(folder, "fleet-member.cjs"), join(folder, "dist", "fleet-member.cjs")])
      if (existsSync(path)) return path;
    if (folder === dirname(folder))
      throw new ConfigurationError("@figloom/cluster is not whole: install the package again.");
  }
}
