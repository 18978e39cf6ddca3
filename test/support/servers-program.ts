/** A worker that does nothing but have servers: says where they are, and waits. Its options are JSON. */
import { startServers, type OwnServing, type StartOptions } from "../../cluster/src/servers/index.js";

interface Given {
  serving: OwnServing;
  options: Pick<StartOptions, "folder" | "logs" | "gpus">;
}

const { serving, options } = JSON.parse(process.argv[2]!) as Given;
const { signal } = new AbortController();
void startServers(serving, {
  ...options,
  signal,
  onState: (states) => console.log(JSON.stringify(states)),
});
