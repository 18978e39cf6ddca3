/** Whether a server is there, and serves what it should. */
import { setTimeout as sleep } from "node:timers/promises";

/** First pause between two looks, and the longest: servers of a rehearsal are there at once, real ones take minutes. */
const PAUSE = { first: 50, most: 1000 };
const DEADLINE = 10_000;

export interface Served {
  models: string[];
  /** vLLM's version; `null` where the server says none. */
  version: string | null;
}

/**
 * Waits until a server answers `/health` and says what it serves.
 * @throws the signal's reason when it is aborted
 */
export async function whenAnswering(url: string, key: string | null, signal: AbortSignal): Promise<Served> {
  for (let pause = PAUSE.first; ; pause = Math.min(PAUSE.most, pause * 1.5)) {
    const served = await whatIsServed(url, key, signal);
    signal.throwIfAborted();
    if (served) return served;
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** `null` where it does not answer, or not as it should. */
async function whatIsServed(url: string, key: string | null, signal: AbortSignal): Promise<Served | null> {
  if (!(await ask(url, "/health", null, signal))?.ok) return null;
  const reply = await ask(url, "/v1/models", key, signal);
  if (!reply?.ok) return null;
  const models = idsIn(await reply.json().catch(() => null));
  if (models.length === 0) return null;
  const version = await ask(url, "/version", key, signal);
  return { models, version: version?.ok ? versionIn(await version.json().catch(() => null)) : null };
}

async function ask(
  url: string,
  path: string,
  key: string | null,
  signal: AbortSignal,
): Promise<Response | null> {
  try {
    return await fetch(url + path, {
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE)]),
    });
  } catch {
    return null;
  }
}

function idsIn(answer: unknown): string[] {
  const data = (answer as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) return [];
  return data.flatMap((model: { id?: unknown } | null) => (typeof model?.id === "string" ? [model.id] : []));
}

function versionIn(answer: unknown): string | null {
  const version = (answer as { version?: unknown } | null)?.version;
  return typeof version === "string" ? version.slice(0, 40) : null;
}
