/** What all questions to a model go through: they are counted, their pictures read, and some are spoilt by a fault. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine, Timing } from "./engine.js";
import { ApiError, ERRORS, type ErrorParts } from "./errors.js";
import type { Exchange } from "./exchange.js";
import { ERROR_FAULTS, type Fault, type FaultPicker } from "./faults.js";
import { chance } from "./hash.js";
import type { Metrics } from "./metrics.js";
import type { Settings } from "./options.js";
import type { Picture, PicturePart, PictureReader } from "./pictures.js";
import type { Records } from "./report.js";

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

/** What is asked, as far as it matters before there is an answer. */
export interface Question {
  /** Empty where none is named. */
  model: string;
  pictures: PicturePart[];
  /** All that it says. */
  words(): string;
}

/** A question that nothing has gone wrong with yet. */
export interface TakenUp {
  id: string;
  pictures: Picture[];
  fault: Fault | null;
}

/**
 * @param parse reads the question; what it throws is counted as an answer
 * @returns `null` where the question is done with
 * @throws {ApiError} for what the server does not take
 */
export async function takeUp<Ask extends Question>(
  service: Service,
  exchange: Exchange,
  parse: () => Ask,
): Promise<(TakenUp & { ask: Ask }) | null> {
  const { records, settings } = service;
  const id = String(exchange.request.headers["x-request-id"] ?? "");
  const nth = records.asked(id);
  exchange.onEnd((outcome, status) => {
    if (status !== null) records.status(status);
    records.ended(id, outcome === "aborted" && service.leaving ? "lost" : outcome);
  });
  const ask = parse();
  if (ask.model !== "" && ask.model !== settings.model)
    throw new ApiError(ERRORS.unknownModel(ask.model, settings.model));
  if (service.engine.dead) throw new ApiError(ERRORS.engineDead());
  const pictures = await readPictures(service, ask, id);
  const shas = pictures.map(({ sha }) => sha);
  records.pictures(id, shas);
  const fault = service.faults.pick({ id, nth, shas, text: () => ask.words() });
  if (fault !== null) records.fault(fault.kind, id, fault.kind === "error" ? fault.error : undefined);
  if (fault !== null && (await spoilt(fault, service, exchange))) return null;
  return exchange.ended ? null : { id, ask, pictures, fault };
}

async function readPictures({ pictures, settings }: Service, ask: Question, id: string): Promise<Picture[]> {
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

/** What an engine is given to do, and who is told. */
export interface EngineWork {
  promptTokens: number;
  answerTokens: number;
  reason: "stop" | "length" | "abort" | "error" | "repetition";
  fault: Fault | null;
  id: string;
  onEnd(): void;
  /** There will be no answer: the engine died with it, or whoever asks has gone. */
  stop(): void;
  /** Tells whoever asks. */
  fail(error: ErrorParts): void;
}

/**
 * Hands a question to the engine.
 * @throws {ApiError} when the engine is dead, or has too much to do
 */
export function submit(service: Service, exchange: Exchange, work: EngineWork): ReturnType<Engine["submit"]> {
  const { engine, metrics, settings } = service;
  const { promptTokens, answerTokens, reason, fault } = work;
  if (engine.dead) throw new ApiError(ERRORS.engineDead());
  if (settings.maxNumQueuedReqs !== null && engine.unfinished >= settings.maxNumQueuedReqs)
    throw new ApiError(ERRORS.overloaded());
  const task = engine.submit({
    ...{ promptTokens, answerTokens },
    onStart: () => {
      if (fault?.kind === "death") service.die();
    },
    onEnd: (timing) => {
      metrics.finished({ ...{ reason, promptTokens, answerTokens }, ...inSeconds(timing) });
      work.onEnd();
    },
    onLost: () => {
      work.stop();
      if (chance(`lost/${work.id}`) < 0.5) exchange.reset("lost");
      else work.fail(ERRORS.engineDead());
    },
  });
  exchange.onGone(() => {
    work.stop();
    if (task.state === "ended") return;
    engine.abort(task);
    metrics.aborted();
  });
  return task;
}

const inSeconds = ({ queued, prefill, decode, interToken }: Timing) => ({
  queued: queued / 1000,
  prefill: prefill / 1000,
  decode: decode / 1000,
  interToken: interToken / 1000,
});
