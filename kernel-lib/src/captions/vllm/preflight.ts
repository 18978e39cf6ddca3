/** Everything about the servers that can be known before work starts, so that mistakes are told before they cost. */
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "../../errors.js";
import { commonModel, oldVersion, unlike, type CommonModel } from "./common-model.js";
import { noneNamed, type Endpoint } from "./endpoints.js";
import type { Dialect, Spent, TrialPicture } from "./dialect.js";
import type { Outcome } from "./outcome.js";
import { pause } from "./pause.js";
import { serverInfo, type ServerInfo } from "./server-info.js";
import { askAboutTrial, trialPicture } from "./trial-picture.js";
import type { Transport } from "./transport.js";

export interface PreflightOptions {
  transport: Transport;
  endpoints: readonly Endpoint[];
  /** The model that is asked for. */
  model: string | null;
  /** Milliseconds to wait for the first server. */
  patience: number;
  signal: AbortSignal;
  /** Told what the user should know and need not do anything about at once. */
  warn: (message: string) => void;
}

/** What checking one server needs. */
export interface CheckOptions<A extends Spent> extends Pick<
  PreflightOptions,
  "transport" | "signal" | "warn"
> {
  dialect: Dialect<A>;
}

/** Servers that can be asked, and what of them. */
export interface Fleet {
  servers: ServerInfo[];
  model: CommonModel;
}

const PAUSE = 1000;

/**
 * Asks all servers at once who they are and what they serve, again until the first is there: vLLM listens only when its
 * model is loaded. Those that have a trouble of their own are left out then, with a warning.
 * @throws {ConfigurationError} what to change; the signal's reason when aborted
 */
export async function identify(options: PreflightOptions): Promise<Fleet> {
  const { transport, endpoints, patience, signal, warn } = options;
  if (endpoints.length === 0) throw noneNamed();
  const end = performance.now() + patience;
  for (let tries = 1; ; tries++) {
    const infos = await Promise.all(endpoints.map((endpoint) => serverInfo(transport, endpoint, signal)));
    const troubles = infos.filter((info) => typeof info === "string");
    if (troubles.length < infos.length || performance.now() + PAUSE > end) {
      const servers = usable(infos, warn);
      return { servers, model: commonModel(servers, options.model) };
    }
    if (tries === 1)
      warn(`Waiting up to ${Math.round(patience / 1000)} s for a server: ${troubles.join("; ")}.`);
    await pause(PAUSE, signal);
  }
}

/**
 * Asks all servers at once about one picture. One that has a trouble of its own is left out with a warning while others
 * are well.
 * @throws {ConfigurationError} what to change; the signal's reason when aborted
 */
export async function preflight<A extends Spent>(
  { servers: known, model }: Fleet,
  options: CheckOptions<A>,
): Promise<Fleet> {
  const picture = await trialPicture();
  const tried = await Promise.all(
    known.map(async (server) => (await troubleWith(server, model, picture, options)) ?? server),
  );
  const servers = usable(tried, options.warn);
  for (const warning of model.warnings) options.warn(warning);
  return { servers, model };
}

/** The servers that are well; warns of the others. */
function usable(servers: readonly (ServerInfo | string)[], warn: (message: string) => void): ServerInfo[] {
  const well = servers.filter((server) => typeof server !== "string");
  const troubles = servers.filter((server) => typeof server === "string");
  if (well.length === 0)
    throw new ConfigurationError(
      `No server can be asked: ${troubles.join("; ")}. Start the servers, or correct FIGLOOM_ENDPOINTS.`,
    );
  for (const trouble of troubles) warn(leftOut(trouble));
  return well;
}

export const leftOut = (why: string): string =>
  `A server is left out for now, and looked at again from time to time: ${why}.`;

/**
 * Checks a server that comes, or comes back, while others are at work: as all are before work starts, and whether it
 * fits to the others.
 * @param folders those that it has to read pictures from
 * @returns why it cannot take part, where it cannot
 */
export async function admit<A extends Spent>(
  endpoint: Endpoint,
  { model }: Fleet,
  { folders, ...options }: CheckOptions<A> & { folders: readonly string[] },
): Promise<ServerInfo | string> {
  const { transport, signal, warn } = options;
  try {
    const info = await serverInfo(transport, endpoint, signal);
    if (typeof info === "string") return info;
    const why = unlike(info, model) ?? (await troubleWith(info, model, await trialPicture(), options));
    if (why !== null) return why;
    for (const folder of folders) {
      const reason = await whyNotShared({ servers: [info], model }, folder, options);
      if (reason !== null) return `${endpoint.shown} does not read pictures from ${folder}: ${reason}`;
    }
    const old = oldVersion(info);
    if (old !== null) warn(old);
    return info;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.replace(/\.$/, "");
    throw error;
  }
}

async function troubleWith<A extends Spent>(
  server: ServerInfo,
  { name }: CommonModel,
  picture: TrialPicture,
  { transport, signal, warn, dialect }: CheckOptions<A>,
): Promise<string | null> {
  const { endpoint } = server;
  const unfit = dialect.unfit(server);
  if (unfit !== null) return `${endpoint.shown} ${unfit}`;
  const outcome = await askAboutTrial(transport, endpoint, { dialect, model: name, picture, signal });
  if (outcome.kind !== "answered") return troubleIn(outcome, server, picture.tokens);
  const remark = dialect.remark(outcome.answer, picture, endpoint);
  if (remark !== null) warn(remark);
  return null;
}

/** Why a server cannot be asked about pictures, where that is its own trouble. */
function troubleIn(
  outcome: Exclude<Outcome, { kind: "answered" }>,
  { endpoint }: ServerInfo,
  tokens: number,
): string {
  switch (outcome.kind) {
    case "misconfigured":
      throw new ConfigurationError(outcome.message);
    case "too-long":
      throw new ConfigurationError(
        `${endpoint.shown} has no room for one picture of ${tokens} tokens: serve the model with a larger --max-model-len (8192 is enough for the shipped prompts).`,
      );
    case "refused":
      throw new ConfigurationError(
        `${endpoint.shown} refuses a plain picture: ${outcome.problem.message}; ${outcome.problem.wayOut}.`,
      );
    case "overloaded":
      return `${endpoint.shown} has too much to do`;
    case "transient":
    case "lost":
    case "late":
      return outcome.problem.message;
  }
}

/**
 * Whether all servers read the files of a folder: each is asked about a picture that is put there for it, and removed.
 * @returns why not, in a few words, or `null` where they do
 */
export async function whyNotShared<A extends Spent>(
  { servers, model }: Fleet,
  folder: string,
  { transport, signal, dialect }: Omit<CheckOptions<A>, "warn">,
): Promise<string | null> {
  const picture = await trialPicture();
  const file = join(folder, `.figloom-preflight-${randomUUID()}.png`);
  try {
    await writeFile(file, picture.bytes, { flag: "wx" });
  } catch {
    return `nothing can be written to ${folder}`;
  }
  try {
    const outcomes = await Promise.all(
      servers.map(({ endpoint }) =>
        askAboutTrial(transport, endpoint, { dialect, model: model.name, picture, file, signal }),
      ),
    );
    const failed = outcomes.find(({ kind }) => kind !== "answered");
    return failed ? reasonOf(failed) : null;
  } finally {
    await rm(file, { force: true });
  }
}

function reasonOf(outcome: Outcome<unknown>): string {
  if (outcome.kind === "misconfigured") return outcome.message;
  return "problem" in outcome
    ? `${outcome.problem.message}; ${outcome.problem.wayOut}`
    : "a server has too much to do";
}
