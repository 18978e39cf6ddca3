/** Which model is asked, and how much it takes, out of what the servers say. */
import { ConfigurationError } from "../../errors.js";
import type { ServerInfo } from "./server-info.js";

export interface CommonModel {
  name: string;
  /** Most tokens of a prompt and its answer, on the server that takes fewest; `null` where none says. */
  max_model_len: number | null;
  /** What the user should know, in one sentence each. */
  warnings: string[];
}

/** From here on vLLM takes `response_format`, `uuid` and Qwen3-VL. */
const OLDEST: readonly [number, number] = [0, 11];

/**
 * @param named the model that is asked for; without one there must be just one that all serve
 * @throws {ConfigurationError} where a server does not serve it, or none can be chosen
 */
export function commonModel(servers: readonly ServerInfo[], named: string | null): CommonModel {
  const name = named ?? onlyModel(servers);
  const without = servers.find(({ models }) => !models.some(({ id }) => id === name));
  if (without)
    throw new ConfigurationError(`${servesOther(without, name)}. Name a model that all servers serve.`);
  const lengths = servers.flatMap((server) => lengthOf(server, name) ?? []);
  const max_model_len = lengths.length > 0 ? Math.min(...lengths) : null;
  const warnings = servers.flatMap((server) => oldVersion(server) ?? []);
  if (new Set(lengths).size > 1)
    warnings.push(
      `The servers take prompts of different lengths (${[...new Set(lengths)].sort((a, b) => a - b).join(", ")} tokens): the shortest counts. Start them with the same --max-model-len.`,
    );
  return { name, max_model_len, warnings };
}

/** Why a server that comes later cannot take part, `null` where it can. */
export function unlike(server: ServerInfo, { name, max_model_len }: CommonModel): string | null {
  if (!server.models.some(({ id }) => id === name))
    return `${servesOther(server, name)}; start it with the model of the others`;
  const length = lengthOf(server, name);
  return length === null || max_model_len === null || length >= max_model_len
    ? null
    : `${server.endpoint.shown} takes prompts of ${length} tokens, the others of ${max_model_len}; start it with the same --max-model-len`;
}

const lengthOf = ({ models }: ServerInfo, name: string): number | null =>
  models.find(({ id }) => id === name)?.max_model_len ?? null;

const servesOther = ({ endpoint, models }: ServerInfo, name: string): string =>
  `${endpoint.shown} does not serve the model "${name}"; it serves ${list(models.map(({ id }) => id))}`;

function onlyModel(servers: readonly ServerInfo[]): string {
  const names = [...new Set(servers.flatMap(({ models }) => models.map(({ id }) => id)))];
  if (names.length === 1) return names[0]!;
  throw new ConfigurationError(
    names.length === 0
      ? "The servers serve no model: start them with one."
      : `The servers serve several models: name one of them, ${list(names)}, as model.`,
  );
}

/** What is to be known of a server that is older than what figloom is made for. */
export function oldVersion({ endpoint, version }: ServerInfo): string | null {
  if (version === null) return null;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `${endpoint.shown} runs vLLM ${version}, older than ${OLDEST.join(".")}: it may pass over repetition_detection and response_format without a word, so that loops run to their end and structured answers are not kept to their schema.`;
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ") || "none";
