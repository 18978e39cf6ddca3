import { namedIn, readEndpoint, withoutSecrets, type Endpoint } from "../captions/vllm/endpoints.js";
import { addressesInFleets } from "../captions/vllm/fleet/find.js";
import { readMetrics } from "../captions/vllm/metrics.js";
import { Transport } from "../captions/vllm/transport.js";
import { examineEndpoint } from "../doctor/endpoints.js";
import { answerOn } from "../kernel/answer.js";
import { SERVERS_TARGET, type ServersMethods, type ServerStatus } from "../views/servers.js";

/** How long a server may take to say its load, in milliseconds. */
const PATIENCE = 1500;

/** Answers pages that ask for the state of the servers, see `views/servers.ts`. @returns ends it */
export function answerAboutServers(env: NodeJS.ProcessEnv = process.env): () => void {
  return answerOn<ServersMethods>(SERVERS_TARGET, () => ({ handlers: { servers: () => serversOf(env) } }));
}

/**
 * Asks every server of `FIGLOOM_ENDPOINTS` what it serves and how much it has to do; without any those of fleets, of which
 * only those that answer are told.
 */
export async function serversOf(env: NodeJS.ProcessEnv): Promise<ServerStatus[]> {
  const named = namedIn(env.FIGLOOM_ENDPOINTS);
  if (named.length > 0) return askAll(named, env);
  return (await askAll(addressesInFleets(env), env)).filter(({ up }) => up);
}

async function askAll(addresses: string[], env: NodeJS.ProcessEnv): Promise<ServerStatus[]> {
  const transport = new Transport();
  const key = env.FIGLOOM_API_KEY || null;
  try {
    return await Promise.all(
      addresses.map(async (given) => {
        const { state, detail, remedy } = await examineEndpoint(given, key, transport);
        const up = state === "found";
        return {
          address: withoutSecrets(given),
          up,
          detail,
          remedy,
          load: up ? await loadOf(readEndpoint(given, key), transport) : null,
        };
      }),
    );
  } finally {
    await transport.close();
  }
}

async function loadOf(endpoint: Endpoint, transport: Transport): Promise<ServerStatus["load"]> {
  try {
    const { status, text } = await transport.call(endpoint, {
      method: "GET",
      path: "/metrics",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const load = status === 200 ? readMetrics(text) : null;
    return load && { running: load.running, waiting: load.waiting, cache: load.cacheUsage };
  } catch {
    return null;
  }
}
