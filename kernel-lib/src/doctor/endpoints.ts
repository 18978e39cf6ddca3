import type { Finding } from "./finding.js";

/** How long a server may take to answer, in milliseconds. */
const PATIENCE = 3000;
const ADDS = "serves a vision-language model (vLLM or another that speaks OpenAI's API)";

/**
 * Asks every server of `FIGLOOM_ENDPOINTS` (comma-separated base URLs, with or without `/v1`) which models it has.
 * The key of `FIGLOOM_API_KEY` goes into the request and nowhere else.
 */
export async function examineEndpoints(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const endpoints = (env.FIGLOOM_ENDPOINTS ?? "").split(",").map((url) => url.trim());
  const named = endpoints.filter((url) => url !== "");
  if (named.length === 0)
    return [
      {
        name: "GPU endpoint",
        state: "missing",
        detail: "none named",
        adds: ADDS,
        remedy: "FIGLOOM_ENDPOINTS=http://host:8000 (and FIGLOOM_API_KEY where it asks for one)",
      },
    ];
  return Promise.all(named.map((url) => examineEndpoint(url, env.FIGLOOM_API_KEY)));
}

async function examineEndpoint(given: string, key: string | undefined): Promise<Finding> {
  const lost = (detail: string, remedy: string): Finding => ({
    name: `GPU endpoint ${withoutPassword(given)}`,
    state: "missing",
    detail,
    adds: ADDS,
    remedy,
  });
  let url: URL;
  try {
    url = new URL(`${given.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1/models`);
  } catch {
    return lost("no address", "give a base URL such as http://host:8000");
  }
  try {
    const response = await fetch(url, {
      headers: key ? { authorization: `Bearer ${key}` } : {},
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status === 401 || response.status === 403)
      return lost(
        `refuses the key (HTTP ${response.status})`,
        "set FIGLOOM_API_KEY to a key that it accepts",
      );
    if (!response.ok)
      return lost(`answers HTTP ${response.status}`, "check that this is the server's base URL");
    const { data } = (await response.json()) as { data?: { id?: string }[] };
    const models = (data ?? []).map(({ id }) => id).join(", ");
    return { ...lost(models || "no models", ""), state: "found", remedy: null };
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return lost(
      late ? `no answer within ${PATIENCE / 1000} s` : "cannot be reached",
      "start the server, or correct its address in FIGLOOM_ENDPOINTS",
    );
  }
}

/** The address as it may be shown. */
function withoutPassword(address: string): string {
  return address.replace(/\/\/.*@/, "//");
}
