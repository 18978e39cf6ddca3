import type { ProblemParts } from "../../../errors.js";
import type { Answer, Outcome } from "../outcome.js";
import type { Linked, List } from "./list.js";
import type { Server } from "./server.js";

/** Something to ask one of the servers. */
export interface Ask<A = Answer> {
  /** Names the item in errors and events. */
  key: string;
  /** Tokens that it will probably take (prompt, picture and answer): what servers' loads are compared by. */
  tokens: number;
  /** Goes before all that is not. @default false */
  urgent?: boolean;
  signal?: AbortSignal;
  /**
   * Asks one server once. Resolves whatever happens on the way.
   * @param options.signal aborted when the answer is wanted no more: ends the request at the server too
   * @param options.attempt 1 for the first time that this is sent, wherever to, then 2, 3 …
   */
  send(endpoint: string, options: { signal: AbortSignal; attempt: number }): Promise<Outcome<A>>;
}

/** What an ask can come back with; everything else was retried or thrown. */
export type Final<A = Answer> = Extract<Outcome<A>, { kind: "answered" | "too-long" | "refused" }>;

/** An ask on its way through the scheduler. */
export class Job implements Linked<Job> {
  before: Job | null = null;
  after: Job | null = null;
  list: List<Job> | null = null;

  /** How often it was sent. */
  sent = 0;
  /** Tries that count against it. */
  tries = 0;
  /** Times that it did not reach a server, in a row. */
  misses = 0;
  /** What last went wrong. */
  problem: ProblemParts | null = null;
  /** Times that it was on a server whose engine stood still. */
  hangs = 0;
  /** Set when it was on board of a server that died; see {@link Suspicion}. */
  suspicion: Suspicion | null = null;
  /** Server that last failed with it: another one is better. */
  avoid: Server | null = null;
  /** Its request, while it is with a server. */
  attempt: Attempt | null = null;
  /** Timer of its back-off. */
  timer: unknown = null;

  constructor(
    readonly ask: Ask<unknown>,
    /** Place in the order of arrival. */
    readonly order: number,
    readonly resolve: (final: Final<unknown>) => void,
    readonly reject: (error: unknown) => void,
  ) {}
}

/** What is held against an item that was on board of a server that died. */
export interface Suspicion {
  /** Whether it has to go alone, whatever others may do. */
  alone: boolean;
  /** Times that a server died or hung with nothing but this on board. */
  ends: number;
  /** How many answers there had been, from all servers, at the first of these. */
  answersBefore: number;
}

/** One request to one server. */
export interface Attempt {
  readonly job: Job;
  readonly server: Server;
  readonly startedAt: number;
  readonly controller: AbortController;
  /** The server's window when it was sent. */
  readonly epoch: number;
}
