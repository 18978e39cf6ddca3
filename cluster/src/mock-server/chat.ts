/** `POST /v1/chat/completions`: checked, counted, queued, answered, and spoilt where a fault says so. */
import { setTimeout as sleep } from "node:timers/promises";
import { planAnswer, type PlannedAnswer } from "./answer.js";
import { ChatStream } from "./chat-stream.js";
import { deliver } from "./delivery.js";
import type { Engine, Timing } from "./engine.js";
import { ApiError, ERRORS } from "./errors.js";
import type { Exchange } from "./exchange.js";
import { ERROR_FAULTS, type Fault, type FaultPicker } from "./faults.js";
import { chance } from "./hash.js";
import { pictureTokens, RatioError, type PixelBudget } from "./image-tokens.js";
import type { Metrics } from "./metrics.js";
import type { Settings } from "./options.js";
import type { Picture, PictureReader } from "./pictures.js";
import type { Records } from "./report.js";
import { parseChat, parseJson, type ChatAsk } from "./request.js";
import { chatTokens, PER_PICTURE } from "./tokens.js";

/** What a server is made of between two starts. */
export interface Service {
  settings: Settings;
  engine: Engine;
  metrics: Metrics;
  records: Records;
  faults: FaultPicker;
  pictures: PictureReader;
  /** The server breaks its connections and goes. */
  leaving: boolean;
  /** Kills the engine. */
  die(): void;
}

/** A request that passed all checks. */
export interface Accepted {
  id: string;
  ask: ChatAsk;
  pictures: Picture[];
  promptTokens: number;
  pictureTokens: number;
  answer: PlannedAnswer;
}

export async function chat(service: Service, exchange: Exchange, body: Buffer): Promise<void> {
  const { records, settings } = service;
  const id = String(exchange.request.headers["x-request-id"] ?? "");
  const nth = records.asked(id);
  exchange.onEnd((outcome, status) => {
    if (status !== null) records.status(status);
    records.ended(id, outcome === "aborted" && service.leaving ? "lost" : outcome);
  });
  const ask = parseChat(parseJson(body));
  if (ask.model !== "" && ask.model !== settings.model)
    throw new ApiError(ERRORS.unknownModel(ask.model, settings.model));
  if (service.engine.dead) throw new ApiError(ERRORS.engineDead());
  const pictures = await readPictures(service, ask, id);
  const shas = pictures.map(({ sha }) => sha);
  records.pictures(id, shas);
  const fault = service.faults.pick({
    id,
    nth,
    shas,
    text: () => ask.messages.map(({ text }) => text).join("\n"),
  });
  if (fault !== null) records.fault(fault.kind, id, fault.kind === "error" ? fault.error : undefined);
  if (fault !== null && (await spoilt(fault, service, exchange))) return;
  if (exchange.ended) return;
  const tokens = countTokens(ask, pictures, settings);
  const answer = planAnswer(ask, pictures, tokens.room, fault, settings);
  run(service, exchange, { id, ask, pictures, answer, ...tokens }, fault);
}

async function readPictures({ pictures, settings }: Service, ask: ChatAsk, id: string): Promise<Picture[]> {
  if (ask.pictures.length === 0) return [];
  if (!settings.vision) throw new ApiError(ERRORS.noVision(settings.model));
  if (ask.pictures.length > settings.limitImages)
    throw new ApiError(ERRORS.tooManyPictures(settings.limitImages));
  const read = await Promise.all(ask.pictures.map((part) => pictures.read(part, id)));
  // Their bytes would stay in memory for as long as the answer is waited for.
  ask.pictures.length = 0;
  return read;
}

/** Faults that leave nothing to do, or that come before the engine. @returns whether the request is done with */
async function spoilt(fault: Fault, { engine }: Service, exchange: Exchange): Promise<boolean> {
  switch (fault.kind) {
    case "error":
      throw new ApiError(ERROR_FAULTS[fault.error]!(fault));
    case "status":
      exchange.send(
        fault.status,
        fault.contentType ?? "application/json",
        fault.body ?? "",
        String(fault.status),
        fault.headers,
      );
      return true;
    case "reset":
      if ((fault.at ?? "start") !== "start") return false;
      exchange.reset();
      return true;
    case "hang":
      return true;
    case "stall":
      engine.stall(fault.seconds);
      return false;
    case "delay":
      await sleep(fault.seconds * 1000, undefined, { ref: false });
      return false;
    default:
      return false;
  }
}

/**
 * An answer that asks for more than is left gets what is left.
 * @throws {ApiError} when the prompt, or a picture of it, is too long
 */
function countTokens(ask: ChatAsk, pictures: readonly Picture[], settings: Settings) {
  const { maxModelLen, encoderCacheTokens } = settings;
  const words = chatTokens(ask.messages);
  const { maxTokens } = ask;
  if (maxTokens !== null && maxTokens > maxModelLen)
    throw new ApiError(ERRORS.askedTooMuch(maxModelLen, maxTokens));
  if (words > maxModelLen) throw new ApiError(ERRORS.tooLongText(maxModelLen));
  const each = pictures.map((picture) => tokensOf(picture, settings));
  const largest = Math.max(0, ...each);
  if (largest > encoderCacheTokens) throw new ApiError(ERRORS.encoderCache(largest, encoderCacheTokens));
  const ofPictures = each.reduce((sum, tokens) => sum + tokens, 0);
  const promptTokens = words + ofPictures + PER_PICTURE * pictures.length;
  if (promptTokens > maxModelLen) throw new ApiError(ERRORS.tooLongPicture(maxModelLen, promptTokens));
  if (promptTokens === maxModelLen) throw new ApiError(ERRORS.noRoom());
  return { promptTokens, pictureTokens: ofPictures, room: maxModelLen - promptTokens };
}

function tokensOf({ width, height }: Picture, budget: PixelBudget): number {
  try {
    return pictureTokens(width, height, budget);
  } catch (error) {
    if (error instanceof RatioError) throw new ApiError(ERRORS.ratio(width, height));
    throw error;
  }
}

/** Hands the request to the engine and its answer to the wire. */
function run(service: Service, exchange: Exchange, accepted: Accepted, fault: Fault | null): void {
  const { engine, metrics, settings } = service;
  if (engine.dead) throw new ApiError(ERRORS.engineDead());
  if (settings.maxNumQueuedReqs !== null && engine.unfinished >= settings.maxNumQueuedReqs)
    throw new ApiError(ERRORS.overloaded());
  const { answer, ask, promptTokens } = accepted;
  const stream = ask.stream ? new ChatStream(exchange, engine, accepted, settings, fault) : null;
  const task = engine.submit({
    promptTokens,
    answerTokens: answer.tokens,
    onStart: () => {
      if (fault?.kind === "death") service.die();
    },
    onEnd: (timing) => {
      metrics.finished({
        reason: answer.reason,
        promptTokens,
        answerTokens: answer.tokens,
        ...inSeconds(timing),
      });
      if (stream) stream.finish();
      else deliver(exchange, accepted, settings, fault);
    },
    onLost: () => {
      stream?.stop();
      if (chance(`lost/${accepted.id}`) < 0.5) exchange.reset("lost");
      else if (stream) stream.fail(ERRORS.engineDead());
      else exchange.fail(new ApiError(ERRORS.engineDead()));
    },
  });
  exchange.onGone(() => {
    stream?.stop();
    if (task.state === "ended") return;
    engine.abort(task);
    metrics.aborted();
  });
  stream?.start(task);
}

const inSeconds = ({ queued, prefill, decode, interToken }: Timing) => ({
  queued: queued / 1000,
  prefill: prefill / 1000,
  decode: decode / 1000,
  interToken: interToken / 1000,
});
