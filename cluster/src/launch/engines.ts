import { join, resolve } from "node:path";
import type { LaunchOptions } from "figloom";
import { ConfigurationError } from "figloom/errors";
import type { Engine, EngineChoice } from "../engine.js";
import { local, type LocalOptions } from "../local/local.js";
import type { SlurmOptions } from "../slurm/options.js";
import { slurm } from "../slurm/slurm.js";

/** The engine that a run remembers. @throws {ConfigurationError} for one that there is not */
export function engineOf(choice: Pick<EngineChoice, "name" | "options">): Engine {
  const make = Object.hasOwn(ENGINES, choice.name) ? ENGINES[choice.name] : undefined;
  if (make) return make(choice.options);
  throw new ConfigurationError(
    `There is no engine ${JSON.stringify(choice.name)}; take one of ${Object.keys(ENGINES).join(", ")}.`,
  );
}

/**
 * What the user says about who gives the machines. Unless they say otherwise, all that the engine knows of a run stands
 * in the run's folder, which its workers see anyway.
 */
export function chosenEngine(on: LaunchOptions["on"], runFolder: string): Engine {
  const folder = join(runFolder, "engine");
  if (on === undefined || on === "local") return local({ folder });
  if (typeof on !== "object" || typeof on.name !== "string" || typeof on.choice !== "object")
    throw new ConfigurationError(
      `on is ${JSON.stringify(on)}: give "local", or local() or slurm() of @figloom/cluster.`,
    );
  const { name, options } = on.choice as EngineChoice;
  const isUsual = (options as { folder?: string }).folder === USUAL_FOLDER();
  return engineOf({ name, options: isUsual ? { ...options, folder } : options } as EngineChoice);
}

/** Where engines keep their jobs that were told nothing of it. */
const USUAL_FOLDER = (): string => resolve(".figloom/jobs");

const ENGINES: Record<string, (options: object) => Engine> = {
  local: (options) => local(options as LocalOptions),
  slurm: (options) => slurm(options as SlurmOptions),
};
