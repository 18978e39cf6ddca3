import { namedIn, readEndpoint, withoutSecrets, type Endpoint } from "../captions/vllm/endpoints.js";
import { addressesInFleets } from "../captions/vllm/fleet/find.js";
import { elements, fields, parsed, word } from "../captions/vllm/json.js";
import { Transport } from "../captions/vllm/transport.js";
import type { Finding } from "./finding.js";

/** How long a server may take to answer, in milliseconds. */
const PATIENCE = 3000;
const ADDS = "serves a vision-language model (vLLM or another that speaks OpenAI's API)";

/**
 * Asks every server of `FIGLOOM_ENDPOINTS` (comma-separated base URLs, with or without `/v1`), or without any every one of
 * a fleet, which models it has. The key of `FIGLOOM_API_KEY` goes into the request and nowhere else.
 */
export async function examineEndpoints(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const named = namedIn(env.FIGLOOM_ENDPOINTS);
  const findings = await examineAll(named.length > 0 ? named : addressesInFleets(env), env);
  const known = named.length > 0 ? findings : findings.filter(({ state }) => state === "found");
  if (known.length === 0)
    return [
      {
        name: "GPU endpoint",
        state: "missing",
        detail: "none named",
        adds: ADDS,
        remedy:
          "FIGLOOM_ENDPOINTS=http://host:8000 (and FIGLOOM_API_KEY where it asks for one), or figloom fleet start",
      },
    ];
  return known;
}

async function examineAll(addresses: string[], env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const transport = new Transport();
  try {
    return await Promise.all(
      addresses.map((given) => examineEndpoint(given, env.FIGLOOM_API_KEY || null, transport)),
    );
  } finally {
    await transport.close();
  }
}

/** Asks one server which models it has. */
export async function examineEndpoint(
  given: string,
  key: string | null,
  transport: Transport,
): Promise<Finding> {
  const lost = (detail: string, remedy: string): Finding => ({
    name: `GPU endpoint ${withoutSecrets(given)}`,
    state: "missing",
    detail,
    adds: ADDS,
    remedy,
  });
  let endpoint: Endpoint;
  try {
    endpoint = readEndpoint(given, key);
  } catch {
    return lost("no address", "give a base URL such as http://host:8000");
  }
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const { status, text } = await transport.call(endpoint, { method: "GET", path: "/v1/models", signal });
    if (status === 401 || status === 403)
      return lost(`refuses the key (HTTP ${status})`, "set FIGLOOM_API_KEY to a key that it accepts");
    const body = parsed(text);
    if (status !== 200 || body === undefined)
      return lost(
        status === 200 ? "answers with something else" : `answers HTTP ${status}`,
        "check that this is the server's base URL",
      );
    const models = elements(fields(body).data).map((model) => word(fields(model).id));
    return { ...lost(models.join(", ") || "no models", ""), state: "found", remedy: null };
  } catch {
    return lost(
      signal.aborted ? `no answer within ${PATIENCE / 1000} s` : "cannot be reached",
      "start the server, or correct its address in FIGLOOM_ENDPOINTS",
    );
  }
}
