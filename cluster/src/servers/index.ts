/** The servers of one node. */
export {
  asRunServer,
  ServersError,
  startServers,
  type NodeServers,
  type OwnServing,
  type StartOptions,
} from "./servers.js";
export type { ServerHealth, ServerState } from "./server.js";
export { modelProblem } from "./model-name.js";
export { SERVER_VARIABLES } from "./variables.js";
export { serveScript, SERVE_SCRIPTS } from "./templates.js";
