/** An imitation of vLLM's OpenAI server, for rehearsals and tests. */
export { capacity, type EngineSize } from "./capacity.js";
export type { Fault, FaultRule, Faults, Match } from "./faults.js";
export type { MockServerOptions } from "./options.js";
export type { Report, RequestRecord } from "./report.js";
export { MockServer } from "./server.js";
