import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigurationError } from "figloom/errors";
import type { Engine } from "../engine.js";
import { engineOf } from "./engines.js";
import type { Launched } from "./read.js";

/**
 * A run's folder says which programs its tasks start, by which engine, on which host; and a dataset may come from a
 * stranger. So no engine is asked about a run before this user has launched it or taken it over, which is remembered in
 * the user's own folder, by a hash of what the run says of itself.
 */
const placeOf = (run: string): string =>
  join(process.env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "figloom", "runs", run);

/**
 * Remembers a run as one's own.
 * @param text what `run.json` says, or will say
 */
export async function trustRun(run: string, text: string): Promise<void> {
  const place = placeOf(run);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, fingerprint(text));
}

/**
 * The engine of a run that is one's own.
 * @throws {ConfigurationError} where it is a stranger's, or the engine is not known
 */
export async function trustedEngine({ dataset, folder, plan }: Launched): Promise<Engine> {
  const known = await readFile(placeOf(plan.run), "utf8").catch(() => null);
  if (known === fingerprint(await readFile(folder.plan, "utf8"))) return engineOf(plan.engine);
  throw new ConfigurationError(
    `${plan.run} was launched by somebody else, or from another home folder, and says itself which programs it starts. ` +
      `To see them, and to take the run over: figloom run trust ${dataset} ${plan.run}`,
  );
}

/** All that the tasks of a run start, a line each. */
export function programsOf({ plan }: Pick<Launched, "plan">): string[] {
  const scripts = plan.phases.flatMap(({ serving }) =>
    serving && "script" in serving ? serving.script : [],
  );
  return [
    `engine   ${plan.engine.name} ${JSON.stringify(plan.engine.options)}`,
    `workers  ${plan.program.join(" ")}`,
    ...new Set(scripts.map((script) => `servers  ${script}`)),
  ];
}

const fingerprint = (text: string): string => createHash("sha256").update(text).digest("hex");
