/** One real question about one small picture, by which a server shows that it sees. */
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { classifyFailure, classifyReply } from "./classify.js";
import type { Endpoint } from "./endpoints.js";
import { imageTokens } from "./media/image-tokens.js";
import type { Outcome } from "./outcome.js";
import { pause } from "./pause.js";
import { chatBody } from "./request.js";
import { NetworkError, type Transport } from "./transport.js";

/** Pixels: a usual figure, so that a server with a smaller budget of pixels gives itself away. */
const SIZE = { width: 1024, height: 768 };
const TOKENS = imageTokens({ ...SIZE, max_pixels: Infinity });
const DEADLINE = 60_000;
const TRIES = 3;

export interface TrialPicture {
  bytes: Buffer;
  uuid: string;
  /** Tokens that Qwen-VL makes of it. */
  tokens: number;
}

/** A white page with a grey frame. */
export async function trialPicture(): Promise<TrialPicture> {
  const bytes = await sharp({ create: { ...SIZE, channels: 3, background: "white" } })
    .composite([{ input: { create: { width: 600, height: 400, channels: 3, background: "#888" } } }])
    .png()
    .toBuffer();
  return { bytes, uuid: createHash("sha256").update(bytes).digest("hex"), tokens: TOKENS };
}

/**
 * Asks about the picture and says how that went.
 * @param file where the server is to read it; without one its bytes are sent
 */
export async function askAboutTrial(
  transport: Transport,
  endpoint: Endpoint,
  {
    model,
    picture,
    file,
    signal,
  }: { model: string; picture: TrialPicture; file?: string; signal: AbortSignal },
): Promise<Outcome> {
  const source =
    file === undefined
      ? {
          kind: "data" as const,
          prefix: "data:image/png;base64,",
          base64: Buffer.from(picture.bytes.toString("base64")),
        }
      : { kind: "file" as const, url: pathToFileURL(file).href };
  const body = chatBody({
    model,
    asked: { system: "", user: "Which colour is the background? Answer with one word." },
    picture: { source, uuid: picture.uuid },
    sampling: {
      ...{ temperature: 0, top_p: 1, top_k: -1, repetition_penalty: 1, presence_penalty: 0 },
      max_tokens: 8,
      seed: 0,
    },
    answer: "text",
    stream: false,
    priority: undefined,
  });
  const asked = { item: "a trial picture", server: endpoint.shown };
  for (let tries = 1; ; tries++) {
    const deadline = AbortSignal.timeout(DEADLINE);
    const outcome = await transport
      .call(endpoint, {
        method: "POST",
        path: "/v1/chat/completions",
        body,
        id: `figloom-preflight/${tries}`,
        signal: AbortSignal.any([signal, deadline]),
      })
      .then(
        (reply) => classifyReply(reply, asked),
        (error: unknown): Outcome => {
          signal.throwIfAborted();
          if (deadline.aborted) return late(endpoint);
          if (error instanceof NetworkError) return classifyFailure(error, asked);
          throw error;
        },
      );
    const passing = outcome.kind === "transient" || outcome.kind === "overloaded" || outcome.kind === "lost";
    if (!passing || tries === TRIES) return outcome;
    await pause(1000, signal);
  }
}

const late = ({ shown }: Endpoint): Outcome => ({
  kind: "late",
  problem: {
    reason: "late",
    message: `${shown} did not answer about a trial picture within ${DEADLINE / 1000} s`,
    wayOut: "look whether the server is busy, or stuck",
  },
});
