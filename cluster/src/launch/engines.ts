import { join } from "node:path";
import type { LaunchOptions } from "figloom";
import { ConfigurationError } from "figloom/errors";
import type { Engine, EngineChoice } from "../engine.js";
import { local, type LocalOptions } from "../local/local.js";

/** The engine that a run remembers. @throws {ConfigurationError} for one that there is not */
export function engineOf(choice: EngineChoice): Engine {
  const make = Object.hasOwn(ENGINES, choice.name) ? ENGINES[choice.name] : undefined;
  if (make) return make(choice.options);
  throw new ConfigurationError(
    `There is no engine ${JSON.stringify(choice.name)}; take one of ${Object.keys(ENGINES).join(", ")}.`,
  );
}

/** What the user says about who gives the machines. On this machine, all that is known of a run stands in its folder. */
export function chosenEngine(on: LaunchOptions["on"], runFolder: string): Engine {
  if (on === undefined || on === "local") return local({ folder: join(runFolder, "engine") });
  if (typeof on === "object" && typeof on.name === "string" && typeof on.choice === "object")
    return engineOf(on.choice as EngineChoice);
  throw new ConfigurationError(
    `on is ${JSON.stringify(on)}: give "local", or local() or slurm() of @figloom/cluster.`,
  );
}

const ENGINES: Record<string, (options: object) => Engine> = {
  local: (options) => local(options as LocalOptions),
};
