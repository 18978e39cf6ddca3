/** One real question about one small picture, by which a server shows that it sees. */
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { classifyFailure, classifyReply, type Asked } from "./classify.js";
import type { Dialect, SentPicture, Spent, TrialPicture } from "./dialect.js";
import type { Endpoint } from "./endpoints.js";
import { imageTokens } from "./media/image-tokens.js";
import type { Outcome } from "./outcome.js";
import { pause } from "./pause.js";
import { NetworkError, type Transport } from "./transport.js";

/** Pixels: a usual figure, so that a server with a smaller budget of pixels gives itself away. */
const SIZE = { width: 1024, height: 768 };
const TOKENS = imageTokens({ ...SIZE, max_pixels: Infinity });
const DEADLINE = 60_000;
const TRIES = 3;

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
export async function askAboutTrial<A extends Spent>(
  transport: Transport,
  endpoint: Endpoint,
  {
    dialect,
    model,
    picture,
    file,
    signal,
  }: { dialect: Dialect<A>; model: string; picture: TrialPicture; file?: string; signal: AbortSignal },
): Promise<Outcome<A>> {
  const source: SentPicture["source"] =
    file === undefined
      ? {
          kind: "data",
          prefix: "data:image/png;base64,",
          base64: Buffer.from(picture.bytes.toString("base64")),
        }
      : { kind: "file", url: pathToFileURL(file).href };
  const body = dialect.trial(model, { source, uuid: picture.uuid });
  const asked: Asked = { item: "a trial picture", server: endpoint.shown, speaks: dialect.speaks };
  for (let tries = 1; ; tries++) {
    const deadline = AbortSignal.timeout(DEADLINE);
    const outcome = await transport
      .call(endpoint, {
        method: "POST",
        path: dialect.path,
        body,
        id: `figloom-preflight/${tries}`,
        signal: AbortSignal.any([signal, deadline]),
      })
      .then(
        (reply) => classifyReply<A>(reply, asked, (body) => dialect.read(body, asked)),
        (error: unknown): Outcome<A> => {
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

const late = ({ shown }: Endpoint): Outcome<never> => ({
  kind: "late",
  problem: {
    reason: "late",
    message: `${shown} did not answer about a trial picture within ${DEADLINE / 1000} s`,
    wayOut: "look whether the server is busy, or stuck",
  },
});
