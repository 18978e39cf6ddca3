/** `POST /v1/embeddings` of a server that makes vectors: checked, queued, answered, and spoilt where a fault says so. */
import { deliver } from "./delivery.js";
import { parseEmbedding, type EmbeddingAsk } from "./embedding-request.js";
import { ApiError, ERRORS } from "./errors.js";
import type { Exchange } from "./exchange.js";
import { parseJson } from "./request.js";
import { submit, takeUp, type Service } from "./service.js";
import { towerOf, type Tower } from "./towers.js";

/** Tokens of a picture: seven by seven patches, and one for all of them. */
const PICTURE_TOKENS = 50;

export async function embed(service: Service, exchange: Exchange, body: Buffer): Promise<void> {
  const { settings } = service;
  const taken = await takeUp(service, exchange, () => parseEmbedding(parseJson(body)));
  if (!taken) return;
  const { id, ask, pictures, fault } = taken;
  const tower = towerOf(settings.model);
  const [picture] = pictures;
  if (picture && ask.texts.length > 0) throw new ApiError(ERRORS.notBoth(tower.family));
  const texts = ask.texts.map((text) => tokensOf(text, ask, tower, settings.maxModelLen));
  const vectors = picture
    ? [tower.pictureVector(picture.remark, picture.sha)]
    : texts.map((tokens) => tower.textVector(tokens));
  const promptTokens = picture ? PICTURE_TOKENS : texts.reduce((sum, { length }) => sum + length, 0);
  submit(service, exchange, {
    ...{ id, fault, promptTokens, answerTokens: 0, reason: "stop" },
    onEnd: () => deliver(exchange, answer(id, settings.model, vectors, promptTokens, ask), "200 stop", fault),
    stop: () => undefined,
    fail: (error) => exchange.fail(new ApiError(error)),
  });
}

/** @throws {ApiError} for more tokens than the model takes, unless they may be cut */
function tokensOf(
  text: EmbeddingAsk["texts"][number],
  { marks, cutAt, pad }: EmbeddingAsk,
  tower: Tower,
  limit: number,
): readonly number[] {
  const isText = typeof text === "string";
  const tokens = isText ? tower.tokenize(text, marks).tokens : text;
  const strange = tokens.find((token) => !(token >= 0 && token < tower.vocabulary));
  if (strange !== undefined) throw new ApiError(ERRORS.outOfVocabulary(strange));
  if (tokens.length === 0) throw new ApiError(ERRORS.emptyPrompt());
  const most = cutAt === null ? Infinity : Math.min(limit, cutAt === -1 ? limit : cutAt);
  // The tokenizer keeps the mark at the end; of tokens the first are taken as they are.
  const last = isText && marks ? tokens.slice(-1) : [];
  const cut = tokens.length > most ? [...tokens.slice(0, most - last.length), ...last] : tokens;
  if (cut.length > limit)
    throw new ApiError(isText ? ERRORS.tooLongText(limit) : ERRORS.tooManyTokens(limit, cut.length));
  return pad ? tower.padded(cut) : cut;
}

function answer(
  id: string,
  model: string,
  vectors: readonly Float32Array[],
  tokens: number,
  { encoding }: EmbeddingAsk,
): string {
  const embeddingOf = (vector: Float32Array) =>
    encoding === "float" ? [...vector] : Buffer.from(vector.buffer).toString("base64");
  return JSON.stringify({
    id: `embd-${id === "" ? Math.random().toString(16).slice(2) : id}`,
    object: "list",
    created: Math.floor(Date.now() / 1000),
    model,
    data: vectors.map((vector, index) => ({ index, object: "embedding", embedding: embeddingOf(vector) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0, prompt_tokens_details: null },
  });
}
