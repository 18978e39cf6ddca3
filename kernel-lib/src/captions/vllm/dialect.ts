/** What servers are asked in: a route, what is sent there, and what its answers mean. */
import type { Asked } from "./classify.js";
import type { Endpoint } from "./endpoints.js";
import type { PreparedPicture } from "./media/pictures.js";
import type { Outcome } from "./outcome.js";
import type { ServerInfo } from "./server-info.js";
import type { Body } from "./transport.js";

/** What every server is asked about before work starts. */
export interface TrialPicture {
  bytes: Buffer;
  uuid: string;
  /** Tokens that Qwen-VL makes of it. */
  tokens: number;
}

/** What an answer took, as the server counts. */
export interface Spent {
  prompt_tokens: number;
  completion_tokens: number;
}

/** A picture as it goes over the wire. */
export type SentPicture = Pick<PreparedPicture, "source" | "uuid">;

export interface Dialect<A extends Spent> {
  /** `/v1/chat/completions` */
  readonly path: string;
  /** What is at this route. */
  readonly speaks: NonNullable<Asked["speaks"]>;
  /** What the body of a reply with status 200 means. */
  read(body: unknown, asked: Asked): Outcome<A>;
  /** A small question about a picture, by which a server shows that it sees. */
  trial(model: string, picture: SentPicture): Body;
  /** Why a server cannot take part whatever it answers, as the end of a sentence; `null` where it can. */
  unfit(server: ServerInfo): string | null;
  /** What the user should know about a server that answered the trial. */
  remark(answer: A, picture: TrialPicture, server: Endpoint): string | null;
  /**
   * Gets each answer before anybody else.
   * @param about.question tokens of the question, as predicted
   * @returns what the user should know
   */
  received(answer: A, about: { question: number; server: Endpoint }): string | null;
}
