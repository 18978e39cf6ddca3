import { resolve } from "node:path";
import { vllm, type LaunchOptions } from "figloom";
import { ConfigurationError } from "figloom/errors";
import type { Serving } from "../run/plan.js";
import { SERVE_SCRIPTS, serveScript } from "../servers/templates.js";

/** Whom a stage asks that asks a model. */
export type AskedServers = Pick<LaunchOptions, "endpoints" | "serve" | "model">;

const SERVE = { gpusEach: 1, patience: 1800 };

/**
 * Endpoints that are named count first; then servers of the workers' own; then what the environment names.
 * @throws {ConfigurationError} where that is nobody
 */
export function servingOf({ endpoints, serve, model }: AskedServers): Serving {
  const own = serve !== false && serve !== undefined;
  if (endpoints && own)
    throw new ConfigurationError(
      "Give either servers that run (endpoints), or let workers start them (serve), not both.",
    );
  const known = endpoints ?? (process.env["FIGLOOM_ENDPOINTS"] ?? "").split(",");
  const addresses = known.map((address) => address.trim()).filter((address) => address !== "");
  if (own || (addresses.length === 0 && serve === undefined && model !== undefined)) {
    const { script, ...rest } = typeof serve === "object" ? serve : {};
    if (model === undefined)
      throw new ConfigurationError(
        "Workers that start servers need to know what to load: give the model (model).",
      );
    return { model, script: scriptOf(script), ...SERVE, ...rest };
  }
  if (addresses.length > 0) return { endpoints: addresses };
  throw new ConfigurationError(
    "Nobody is there to be asked: give a model that workers are to serve (model), or servers that run (endpoints, FIGLOOM_ENDPOINTS).",
  );
}

/** The model's name; servers are asked for it where it was not given. */
export async function modelOf({ model }: AskedServers, serving: Serving): Promise<string> {
  if (model !== undefined) return model;
  const { endpoints } = serving as { endpoints: string[] };
  const asked = vllm({ endpoints, onWarning: () => undefined });
  try {
    await asked.identify!({ signal: AbortSignal.timeout(30_000) });
    return asked.name!;
  } finally {
    await asked.close();
  }
}

/** A file, or one of those that come with the package, by its name. */
const scriptOf = (script = "vllm"): string =>
  Object.hasOwn(SERVE_SCRIPTS, script) ? serveScript(script as keyof typeof SERVE_SCRIPTS) : resolve(script);
