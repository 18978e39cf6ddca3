import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError, errorText } from "figloom/errors";
import type { FleetMember } from "figloom/fleet";
import type { EngineChoice, JobHandle } from "../engine.js";
import type { OwnServing } from "../servers/index.js";

/** What `fleet.json` says: all that a node of the fleet has to know, and cells by which model to find it. No secrets. */
export interface FleetPlan {
  name: string;
  model: string;
  /** ISO 8601 in UTC. */
  created: string;
  engine: EngineChoice;
  serving: OwnServing;
  /** Folder below which servers may read pictures. */
  media: string;
  /** Whether other machines may ask its servers. */
  expose: boolean;
  /** Whether its servers ask for a key. */
  keyed: boolean;
  /** GPUs of a node, where neither CUDA_VISIBLE_DEVICES nor nvidia-smi says; `null` for all. */
  gpus: number | null;
  /** Seconds without work after which a node leaves; `null` for never. */
  idleSeconds: number | null;
  /** Seconds between two heartbeats. */
  beatSeconds: number;
}

/** The files of a fleet; see `figloom/fleet` for those that cells read. */
export class FleetFolder {
  constructor(readonly path: string) {}

  get jobs(): string {
    return join(this.path, "jobs");
  }
  get stop(): string {
    return join(this.path, "stop");
  }
  logs(member: string): string {
    return join(this.path, "logs", member);
  }

  /** @throws {ConfigurationError} where there is no fleet */
  plan(): FleetPlan {
    const path = join(this.path, "fleet.json");
    try {
      return JSON.parse(readFileSync(path, "utf8")) as FleetPlan;
    } catch (error) {
      throw new ConfigurationError(`There is no fleet in ${this.path}: ${errorText(error)}.`);
    }
  }

  /** @throws where there is such a folder already */
  create(plan: FleetPlan): void {
    mkdirSync(dirname(this.path), { recursive: true });
    mkdirSync(this.path);
    mkdirSync(join(this.path, "members"));
    writeWhole(join(this.path, "fleet.json"), plan);
  }

  /** The engine's job; `null` while it is being submitted. */
  job(): JobHandle | null {
    try {
      return JSON.parse(readFileSync(join(this.path, "job.json"), "utf8")) as JobHandle;
    } catch {
      return null;
    }
  }

  saveJob(handle: JobHandle): void {
    writeWhole(join(this.path, "job.json"), handle);
  }

  saveMember(member: FleetMember): void {
    writeWhole(join(this.path, "members", `${member.member}.json`), member);
  }

  /** Tells its nodes to leave. */
  askToStop(): void {
    writeFileSync(this.stop, "");
  }
}

/** Readers see the old file or the new. One writer a file. */
function writeWhole(path: string, value: unknown): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(value, null, 1)}\n`);
  renameSync(draft, path);
}
