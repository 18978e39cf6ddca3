/**
 * A fleet's folder: where servers that were started for cells say that they are there.
 *
 * ```
 * <fleets>/<name>/fleet.json            what it is; written once
 * <fleets>/<name>/members/<member>.json what each node of it says of itself, rewritten whole every few seconds
 * <fleets>/<name>/stop                  it is to end
 * ```
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { count, elements, fields, parsed, word } from "../json.js";

export type MemberStatus = "starting" | "serving" | "leaving" | "left";

/** What a node of a fleet says of itself. */
export interface FleetMember {
  member: string;
  host: string;
  pid: number;
  /** One more with each heartbeat: others see that it lives by its changing. */
  beat: number;
  status: MemberStatus;
  /** What there is to know just now, in one sentence. */
  note: string | null;
  /** vLLM's version, once that is known. */
  version: string | null;
  /** Addresses that others reach, and how each server is: `up`, `starting` … */
  servers: { endpoint: string; health: string }[];
  /** Seconds since its servers had something to do. */
  idle: number;
  /** Milliseconds since 1970, by its own clock. */
  started: number;
}

export interface FleetRecord {
  name: string;
  folder: string;
  model: string;
  /** ISO 8601 in UTC. */
  created: string;
  /** It is to end, or has. */
  stopping: boolean;
  members: FleetMember[];
}

/** Characters of names: they are folders. */
export const FLEET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/;

const WHERE = join(".figloom", "fleet");
/** Bytes of a file, and members of a fleet, that are looked at. */
const MOST = { bytes: 1 << 20, members: 4096, servers: 1024 };
const STATUSES: readonly MemberStatus[] = ["starting", "serving", "leaving", "left"];

/**
 * The folder of fleets: that of FIGLOOM_FLEET, or else `.figloom/fleet` of the current folder or the nearest one above
 * that has it. Folders of other users are passed over: whoever writes there says where pictures are sent.
 * @returns the absolute path, also where there is no such folder yet
 */
export function fleetsFolder(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): string {
  if (env.FIGLOOM_FLEET) return resolve(cwd, env.FIGLOOM_FLEET);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (isOurs(join(folder, WHERE))) return join(folder, WHERE);
    if (folder === dirname(folder)) return resolve(cwd, WHERE);
  }
}

function isOurs(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return !!stats?.isDirectory() && (process.getuid === undefined || stats.uid === process.getuid());
}

/** All fleets of a folder, by name; those whose file cannot be read are left out. */
export function readFleets(folder: string): FleetRecord[] {
  return namesIn(folder)
    .filter((name) => FLEET_NAME.test(name))
    .sort()
    .flatMap((name) => readFleet(join(folder, name)) ?? []);
}

/** `null` where there is none. */
export function readFleet(folder: string): FleetRecord | null {
  const about = fields(readJson(join(folder, "fleet.json")));
  const [name, model] = [word(about.name), word(about.model)];
  if (!FLEET_NAME.test(name) || model === "") return null;
  const members = join(folder, "members");
  return {
    ...{ name, folder, model, created: word(about.created), stopping: existsSync(join(folder, "stop")) },
    members: namesIn(members)
      .filter((file) => file.endsWith(".json"))
      .slice(0, MOST.members)
      .flatMap((file) => memberOf(readJson(join(members, file))) ?? []),
  };
}

function memberOf(value: unknown): FleetMember | null {
  const raw = fields(value);
  const status = STATUSES.find((each) => each === raw.status);
  const member = word(raw.member);
  if (!status || member === "") return null;
  return {
    ...{ member, status, host: word(raw.host), pid: count(raw.pid) ?? 0, beat: count(raw.beat) ?? 0 },
    note: word(raw.note) || null,
    version: word(raw.version) || null,
    servers: elements(raw.servers)
      .slice(0, MOST.servers)
      .map((server) => ({ endpoint: word(fields(server).endpoint), health: word(fields(server).health) })),
    idle: count(raw.idle) ?? 0,
    started: count(raw.started) ?? 0,
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** `undefined` where it is not there, too long to be ours, or no JSON. */
function readJson(path: string): unknown {
  try {
    if (statSync(path).size > MOST.bytes) return undefined;
    return parsed(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
