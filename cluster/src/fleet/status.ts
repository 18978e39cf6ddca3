import { errorText } from "figloom/errors";
import { readFleet, type FleetMember } from "figloom/fleet";
import type { TaskStatus } from "../engine.js";
import { engineOf } from "../launch/engines.js";
import { FleetFolder } from "./plan.js";

/** A node of a fleet, by what it says and what its engine says. */
export interface FleetNode {
  /** The engine's task. */
  task: string;
  host: string | null;
  state: "queued" | "starting" | "serving" | "leaving" | "gone";
  servers: number;
  up: number;
  /** Seconds without work; `null` for one that does not serve. */
  idle: number | null;
  /** What there is to know: one sentence. */
  note: string | null;
}

export interface FleetNow {
  name: string;
  folder: string;
  model: string;
  created: string;
  /** vLLM's version, once that is known. */
  version: string | null;
  stopping: boolean;
  /** Whether its servers answer everybody who reaches their nodes. */
  open: boolean;
  /** Addresses of the servers that answer. */
  endpoints: string[];
  nodes: FleetNode[];
  /** Why nothing could be learned of its tasks; `null` where it could. */
  problem: string | null;
}

const DEADLINE = 3000;

/** How a fleet is just now: asks its engine and every server that says to be up. */
export async function statusOf(path: string): Promise<FleetNow> {
  const { name, folder, model, created, stopping, members } = readFleet(path)!;
  const { expose, keyed } = new FleetFolder(path).plan();
  const { tasks, problem } = await tasksOf(new FleetFolder(path));
  const latest = new Map<string, FleetMember>();
  for (const member of members) {
    const task = taskOf(member);
    if ((latest.get(task)?.started ?? -1) <= member.started) latest.set(task, member);
  }
  const ids = tasks ? tasks.map(({ id }) => id) : [...latest.keys()];
  const asked = await Promise.all(
    ids.map(async (id) => {
      const member = latest.get(id);
      const task = tasks?.find((each) => each.id === id);
      const up = member && task?.state !== "queued" ? await answering(member) : [];
      return { node: nodeOf(id, member, task, up), up, version: member?.version ?? null };
    }),
  );
  return {
    ...{ name, folder, model, created, stopping, problem, open: expose && !keyed },
    version: asked.find(({ version }) => version !== null)?.version ?? null,
    endpoints: asked.flatMap(({ up }) => up),
    nodes: asked.map(({ node }) => node),
  };
}

/** A member is named after its task. */
const taskOf = ({ member }: FleetMember): string => member.replace(/\.\d+\.[0-9a-f]+$/, "");

async function tasksOf(folder: FleetFolder): Promise<{ tasks: TaskStatus[] | null; problem: string | null }> {
  const job = folder.job();
  if (!job) return { tasks: null, problem: "It was not submitted." };
  try {
    return { tasks: await engineOf(folder.plan().engine).status(job), problem: null };
  } catch (error) {
    return { tasks: null, problem: errorText(error) };
  }
}

async function answering({ servers, status }: FleetMember): Promise<string[]> {
  if (status === "left") return [];
  const up = servers.filter(({ health }) => health === "up").map(({ endpoint }) => endpoint);
  const answers = await Promise.all(up.map(answers200));
  return up.filter((_, at) => answers[at]);
}

async function answers200(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(DEADLINE) })).ok;
  } catch {
    return false;
  }
}

function nodeOf(
  id: string,
  member: FleetMember | undefined,
  task: TaskStatus | undefined,
  up: string[],
): FleetNode {
  const common = { task: id, host: member?.host ?? task?.host ?? null, servers: member?.servers.length ?? 0 };
  // A lost task has nobody who looks after it; its node may live, and says so.
  const ended = task && !["running", "queued", ...(up.length > 0 ? ["lost"] : [])].includes(task.state);
  if (task?.state === "queued")
    return { ...common, state: "queued", up: 0, idle: null, note: task.reason ?? null };
  if (!ended && !member) return { ...common, state: "starting", up: 0, idle: null, note: null };
  if (ended || !member || member.status === "left")
    return { ...common, state: "gone", up: 0, idle: null, note: member?.note ?? task?.reason ?? null };
  const state = member.status;
  const idle = state === "serving" ? member.idle : null;
  return { ...common, state, up: up.length, idle, note: member.note };
}

/** Fleets as they were when asked; as a text for people. */
export class FleetStatus {
  constructor(readonly fleets: FleetNow[]) {}

  toString(): string {
    if (this.fleets.length === 0) return "There is no fleet; figloom fleet start starts one.";
    return this.fleets.map(textOf).join("\n");
  }
}

const OPEN = "Whoever reaches its nodes can ask its servers: no FIGLOOM_API_KEY was set when it was started.";

function textOf({ name, model, version, nodes, problem, endpoints, stopping, open }: FleetNow): string {
  const total = nodes.reduce((sum, { servers }) => sum + servers, 0);
  const program = version === null ? "" : `, vLLM ${version}`;
  const lines = nodes.map(
    (node) => `  ${node.task}${node.host === null ? "" : ` on ${node.host}`}: ${wordsOf(node)}`,
  );
  return [
    `${name} (${model}${program})${stopping ? " was stopped" : ""}: ${endpoints.length} of ${total} servers answer`,
    ...lines,
    ...(open && !stopping ? [`  ${OPEN}`] : []),
    ...(problem === null ? [] : [`  ${problem}`]),
  ].join("\n");
}

function wordsOf({ state, servers, up, idle, note }: FleetNode): string {
  const serves = state === "serving" || state === "starting" || state === "leaving";
  const counted = serves && servers > 0 ? `, ${up} of ${servers} servers up` : "";
  const since = idle !== null && idle >= 60 ? `, idle for ${Math.floor(idle / 60)} min` : "";
  return `${state}${counted}${since}${note === null ? "" : `. ${note}`}`;
}
