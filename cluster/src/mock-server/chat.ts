/** `POST /v1/chat/completions`: checked, counted, queued, answered, and spoilt where a fault says so. */
import { planAnswer, type PlannedAnswer } from "./answer.js";
import { ChatStream } from "./chat-stream.js";
import { chatBody, deliver } from "./delivery.js";
import { ApiError, ERRORS } from "./errors.js";
import type { Exchange } from "./exchange.js";
import type { Fault } from "./faults.js";
import { pictureTokens, RatioError, type PixelBudget } from "./image-tokens.js";
import type { Settings } from "./options.js";
import type { Picture } from "./pictures.js";
import { parseChat, parseJson, type ChatAsk } from "./request.js";
import { submit, takeUp, type Service } from "./service.js";
import { chatTokens, PER_PICTURE } from "./tokens.js";

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
  const taken = await takeUp(service, exchange, () => {
    const ask = parseChat(parseJson(body));
    return { ...ask, words: () => ask.messages.map(({ text }) => text).join("\n") };
  });
  if (!taken) return;
  const { id, ask, pictures, fault } = taken;
  const tokens = countTokens(ask, pictures, service.settings);
  const answer = planAnswer(ask, pictures, tokens.room, fault, service.settings);
  run(service, exchange, { id, ask, pictures, answer, ...tokens }, fault);
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
  const { engine, settings } = service;
  const { id, answer, ask, promptTokens } = accepted;
  const stream = ask.stream ? new ChatStream(exchange, engine, accepted, settings, fault) : null;
  const task = submit(service, exchange, {
    ...{ id, fault, promptTokens, answerTokens: answer.tokens, reason: answer.reason },
    onEnd() {
      if (stream) stream.finish();
      else deliver(exchange, chatBody(accepted, settings), `200 ${answer.reason}`, fault);
    },
    stop: () => stream?.stop(),
    fail(error) {
      if (stream) stream.fail(error);
      else exchange.fail(new ApiError(error));
    },
  });
  stream?.start(task);
}
