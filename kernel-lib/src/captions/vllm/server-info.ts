/** What a server says about itself before work starts. */
import { ConfigurationError } from "../../errors.js";
import { classifyBody, classifyFailure, classifyReply } from "./classify.js";
import type { Endpoint } from "./endpoints.js";
import { count, elements, fields, parsed, word } from "./json.js";
import { NetworkError, type Reply, type Transport } from "./transport.js";

export interface ServedModel {
  id: string;
  /** Most tokens of a prompt and its answer; `null` where the server does not say. */
  max_model_len: number | null;
}

export interface ServerInfo {
  endpoint: Endpoint;
  /** vLLM's version; `null` where the server says none, which then is another program. */
  version: string | null;
  models: ServedModel[];
}

/** How long one question may take. */
const DEADLINE = 10_000;

/**
 * Asks a server for its version and models.
 * @returns why the server is of no use, where that is its own trouble
 * @throws {ConfigurationError} for a wrong key or address
 */
export async function serverInfo(
  transport: Transport,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<ServerInfo | string> {
  const models = await servedModels(transport, endpoint, signal);
  if (typeof models === "string") return models;
  return { endpoint, version: await versionOf(transport, endpoint, signal), models };
}

async function servedModels(
  transport: Transport,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<ServedModel[] | string> {
  const asked = { item: "its models", server: endpoint.shown };
  const reply = await ask(transport, endpoint, "/v1/models", signal);
  if (reply === null) return `${endpoint.shown} does not answer within ${DEADLINE / 1000} s`;
  const outcome = reply instanceof NetworkError ? classifyFailure(reply, asked) : null;
  if (outcome?.kind === "misconfigured") throw new ConfigurationError(outcome.message);
  if (reply instanceof NetworkError)
    return outcome && "problem" in outcome ? outcome.problem.message : reply.message;
  if (reply.status !== 200) {
    const failed = classifyReply(reply, asked, (body) => classifyBody(body, asked));
    if (failed.kind === "misconfigured") throw new ConfigurationError(failed.message);
    return "problem" in failed
      ? failed.problem.message
      : `${endpoint.shown} has too much to do (HTTP ${reply.status})`;
  }
  const { data } = fields(parsed(reply.text));
  if (!Array.isArray(data))
    throw new ConfigurationError(
      `${endpoint.shown} answers, but not as a model server does: check that it is the base URL of a vLLM server.`,
    );
  return elements(data)
    .map((model) => ({ id: word(fields(model).id), max_model_len: count(fields(model).max_model_len) }))
    .filter(({ id }) => id !== "");
}

async function versionOf(
  transport: Transport,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<string | null> {
  const reply = await ask(transport, endpoint, "/version", signal);
  if (reply === null || reply instanceof NetworkError || reply.status !== 200) return null;
  return /^\d+(\.\d+)*/.exec(word(fields(parsed(reply.text)).version))?.[0] ?? null;
}

/** `null` when it took too long. */
async function ask(
  transport: Transport,
  endpoint: Endpoint,
  path: string,
  signal: AbortSignal,
): Promise<Reply | NetworkError | null> {
  const deadline = AbortSignal.timeout(DEADLINE);
  try {
    return await transport.call(endpoint, {
      method: "GET",
      path,
      signal: AbortSignal.any([signal, deadline]),
    });
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) return null;
    if (error instanceof NetworkError) return error;
    throw error;
  }
}
