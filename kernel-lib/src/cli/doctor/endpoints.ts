import { errorText } from "../../errors.js";
import { printable } from "../../views/twins/html.js";
import type { Finding } from "./finding.js";

const TIMEOUT_MS = 3000;

/** Whether the model servers of `FIGLOOM_ENDPOINTS` answer, and with which models. */
export function endpointChecks(): Promise<Finding[]> {
  const endpoints = (process.env.FIGLOOM_ENDPOINTS ?? "")
    .split(",")
    .map((endpoint) => endpoint.trim())
    .filter((endpoint) => endpoint !== "");
  if (endpoints.length === 0) return Promise.resolve([endpointFinding("Model endpoint", null)]);
  return Promise.all(endpoints.map(checkEndpoint));
}

async function checkEndpoint(endpoint: string): Promise<Finding> {
  const name = `Model endpoint ${withoutSecrets(endpoint)}`;
  const key = process.env.FIGLOOM_API_KEY?.trim();
  if (key && !/^[\x21-\x7e]+$/.test(key))
    return endpointFinding(name, null, "FIGLOOM_API_KEY has characters that no key has.");
  try {
    const base = endpoint.replace(/\/+$/, "").replace(/\/v1$/, "");
    const response = await fetch(`${base}/v1/models`, {
      headers: key ? { authorization: `Bearer ${key}` } : {},
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return endpointFinding(name, null, `It answers with status ${response.status}.`);
    const { data } = (await response.json()) as { data?: { id?: string }[] };
    return endpointFinding(name, printable((data ?? []).map(({ id }) => id).join(", ")) || "no models");
  } catch (error) {
    const slow = error instanceof Error && error.name === "TimeoutError";
    const cause = error instanceof Error && error.cause ? errorText(error.cause) : errorText(error);
    return endpointFinding(
      name,
      null,
      slow ? "It does not answer within 3 s." : `It does not answer (${cause}).`,
    );
  }
}

function endpointFinding(name: string, found: string | null, problem = ""): Finding {
  return {
    name,
    found,
    required: false,
    adds: `${problem} Makes captions with a vision-language model.`.trim(),
    get: "Start a vLLM server and name it in FIGLOOM_ENDPOINTS, its key in FIGLOOM_API_KEY.",
  };
}

/** The endpoint without a user name, password or query that its URL may carry. */
function withoutSecrets(endpoint: string): string {
  if (!URL.canParse(endpoint)) return "(not a URL)";
  const { origin, pathname } = new URL(endpoint);
  return `${origin}${pathname === "/" ? "" : pathname}`;
}
