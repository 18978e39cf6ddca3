/** A chat request, checked as vLLM checks it. What vLLM does not know it passes over without a word; so does this. */
import { ApiError, ERRORS } from "./errors.js";
import type { PicturePart } from "./pictures.js";

export interface Message {
  role: string;
  text: string;
}

export interface ChatAsk {
  model: string;
  messages: Message[];
  pictures: PicturePart[];
  stream: boolean;
  includeUsage: boolean;
  continuousUsage: boolean;
  /** `null` fills the context. */
  maxTokens: number | null;
  minTokens: number;
  ignoreEos: boolean;
  temperature: number;
  seed: number;
  /** JSON schema that the answer has to fit; `{}` for any object. */
  schema: object | null;
  /** Repetitions after which a loop is ended; `null` for never. */
  repetitions: number | null;
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws {ApiError} 400 */
export function parseJson(body: Buffer): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid("json_invalid", "body.0", "JSON decode error");
  }
  if (!isObject(parsed))
    throw invalid("model_attributes_type", "body", "Input should be a valid dictionary or object");
  return parsed;
}

/** @throws {ApiError} 400 */
export function parseChat(fields: Fields): ChatAsk {
  if (!Array.isArray(fields.messages))
    throw wrong(
      "messages",
      fields.messages === undefined ? "Field required" : "Input should be a valid list",
    );
  if (fields.messages.length === 0)
    throw new ApiError(
      ERRORS.badValue("Cannot apply chat template to an empty conversation. Provide at least one message."),
    );
  checkTrust(fields);
  checkSampling(fields);
  const stream = flag(fields, "stream");
  const options = optional(fields, "stream_options");
  if (options !== null && !stream)
    throw new ApiError(
      ERRORS.badValue(
        "Stream options can only be defined when `stream=True`. (parameter=stream_options)",
        "stream_options",
      ),
    );
  const pictures: PicturePart[] = [];
  return {
    model: typeof fields.model === "string" ? fields.model : "",
    messages: fields.messages.map((message, index) => parseMessage(message, index, pictures)),
    pictures,
    stream,
    includeUsage: options?.include_usage === true,
    continuousUsage: options?.continuous_usage_stats === true,
    maxTokens: whole(fields, "max_completion_tokens", 1) ?? whole(fields, "max_tokens", 1),
    minTokens: whole(fields, "min_tokens", 0) ?? 0,
    ignoreEos: flag(fields, "ignore_eos"),
    temperature: temperatureOf(fields),
    seed: whole(fields, "seed", -Infinity) ?? 0,
    schema: schemaOf(fields),
    repetitions: whole(optional(fields, "repetition_detection") ?? {}, "min_count", 1),
  };
}

function parseMessage(message: unknown, index: number, pictures: PicturePart[]): Message {
  const where = `messages.${index}`;
  if (!isObject(message)) throw wrong(where, "Input should be a valid dictionary");
  if (typeof message.role !== "string") throw wrong(`${where}.role`, "Field required");
  const { role, content } = message;
  if (content === null || content === undefined) return { role, text: "" };
  if (typeof content === "string") return { role, text: content };
  if (!Array.isArray(content)) throw wrong(`${where}.content`, "Input should be a valid string");
  const texts = content.map((part: unknown, at) => parsePart(part, `${where}.content.${at}`, pictures));
  return { role, text: texts.filter((text) => text !== null).join("\n") };
}

/** The part's words; a picture goes to the list. */
function parsePart(part: unknown, where: string, pictures: PicturePart[]): string | null {
  if (typeof part === "string") return part;
  if (!isObject(part)) throw wrong(where, "Input should be a valid dictionary");
  if (part.type === "text" || (part.type === undefined && typeof part.text === "string")) {
    if (typeof part.text !== "string") throw wrong(`${where}.text`, "Input should be a valid string");
    return part.text;
  }
  if (part.type !== "image_url" && !(part.type === undefined && part.image_url !== undefined))
    throw new ApiError(ERRORS.badValue(`Unknown part type: ${String(part.type)}`));
  const uuid = typeof part.uuid === "string" ? part.uuid : null;
  const given = isObject(part.image_url) ? part.image_url.url : part.image_url;
  if (given !== null && typeof given !== "string") throw wrong(`${where}.image_url.url`, "Field required");
  if (given === null && uuid === null)
    throw wrong(`${where}.image_url`, "Input should be a valid dictionary");
  pictures.push({ url: given, uuid });
  return null;
}

function schemaOf(fields: Fields): object | null {
  const format = optional(fields, "response_format");
  const structured = optional(fields, "structured_outputs");
  if (structured !== null) {
    const constraints = ["json", "regex", "choice", "grammar", "json_object", "structural_tag"].filter(
      (name) => structured[name] !== undefined && structured[name] !== null,
    );
    if (constraints.length !== 1)
      throw new ApiError(
        ERRORS.badValue(
          "You can only use one kind of constraints for structured outputs",
          "structured_outputs",
        ),
      );
    if (isObject(structured.json)) return structured.json;
    if (structured.json_object === true) return { type: "object" };
    if (Array.isArray(structured.choice)) return { enum: structured.choice };
  }
  if (format === null || format.type === "text") return null;
  if (format.type === "json_object") return { type: "object" };
  if (format.type !== "json_schema")
    throw wrong(
      "response_format.type",
      "Input should be 'text', 'json_object', 'json_schema' or 'structural_tag'",
    );
  const wrapped = isObject(format.json_schema) ? format.json_schema : {};
  if (!isObject(wrapped.schema)) throw wrong("response_format.json_schema", "Field required");
  return wrapped.schema;
}

/** What would change how pictures are read, vLLM takes from no request. */
function checkTrust(fields: Fields): void {
  if (optional(fields, "mm_processor_kwargs"))
    throw new ApiError(ERRORS.untrusted("mm_processor_kwargs", "preprocessing"));
  if (optional(fields, "media_io_kwargs"))
    throw new ApiError(ERRORS.untrusted("media_io_kwargs", "media loading"));
}

function temperatureOf(fields: Fields): number {
  const value = number(fields, "temperature") ?? 1;
  if (value < 0) throw outOfRange("temperature", "must be non-negative", value);
  if (value > 2) throw outOfRange("temperature", "must be in [0, 2]", value);
  return value;
}

/** Settings that an imitation makes nothing of, but a real server checks. */
function checkSampling(fields: Fields): void {
  const topP = number(fields, "top_p") ?? 1;
  if (!(topP > 0 && topP <= 1)) throw outOfRange("top_p", "must be in (0, 1]", topP);
  whole(fields, "top_k", -1);
  const repetition = number(fields, "repetition_penalty") ?? 1;
  if (!(repetition > 0)) throw outOfRange("repetition_penalty", "must be greater than zero", repetition);
  const presence = number(fields, "presence_penalty") ?? 0;
  if (!(presence >= -2 && presence <= 2))
    throw outOfRange("presence_penalty", "must be in [-2, 2]", presence);
}

function optional(fields: Fields, name: string): Fields | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw wrong(name, "Input should be a valid dictionary");
  return value;
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (value === undefined || value === null || value === false) return false;
  if (value === true) return true;
  throw wrong(name, "Input should be a valid boolean");
}

function whole(fields: Fields, name: string, least: number): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || !Number.isInteger(value))
    throw wrong(name, "Input should be a valid integer");
  if (value < least) throw outOfRange(name, `must be at least ${least}`, value);
  return value;
}

function number(fields: Fields, name: string): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== "number") throw wrong(name, "Input should be a valid number");
  return value;
}

const outOfRange = (name: string, rule: string, value: number): ApiError =>
  new ApiError(ERRORS.badValue(`${name} ${rule}, got ${value}. (parameter=${name}, value=${value})`, name));

const wrong = (field: string, message: string): ApiError =>
  invalid(message === "Field required" ? "missing" : "type_error", `body.${field}`, message);

/** As vLLM puts what its validation found. */
const invalid = (type: string, place: string, message: string): ApiError =>
  new ApiError(
    ERRORS.badRequest(
      `1 validation error:\n  {'type': '${type}', 'loc': '${place}', 'msg': '${message}'}`,
      place,
    ),
  );
