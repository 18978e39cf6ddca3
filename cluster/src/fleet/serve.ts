/** The program of a fleet's node: `node fleet-member.cjs FLEET_FOLDER`. */
import { ConfigurationError, errorText } from "figloom/errors";
import { identityOf } from "../worker/identity.js";
import { serve } from "./member.js";
import { FleetFolder } from "./plan.js";

async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new ConfigurationError("Usage: fleet-member.cjs FLEET_FOLDER");
  const leaving = new AbortController();
  // A time limit that comes near (USR1) ends a node of a fleet for good: what cells ask goes to the others.
  for (const signal of ["SIGTERM", "SIGUSR1", "SIGINT"] as const) process.on(signal, () => leaving.abort());
  const { worker, host } = identityOf();
  const folder = new FleetFolder(path);
  console.log(await serve({ folder, member: worker, host, env: process.env, signal: leaving.signal }));
}

main().catch((error: unknown) => {
  console.error(`figloom: ${errorText(error)}`);
  process.exitCode = error instanceof ConfigurationError ? 2 : 1;
});
