import { ConfigurationError, ItemError, type ProblemParts } from "../../../errors.js";
import type { Job } from "./job.js";
import type { Server } from "./server.js";

/** Its tries are used up; another day the servers may do better. */
export function gaveUp({ ask, tries, problem }: Job): ItemError {
  const { message, wayOut } = problem!;
  return new ItemError({
    reason: "gave-up",
    message: `${ask.key} failed ${tries} times; the last time: ${message}`,
    wayOut,
    transient: true,
    cause: problem!.cause ?? message,
  });
}

/** It was alone on a server that ended, often enough. */
export function culprit({ ask, suspicion, problem }: Job, how: "kills-server" | "hangs-server"): ItemError {
  const deed = how === "kills-server" ? "the server died" : "the server's engine stood still";
  return new ItemError({
    reason: how,
    message: `${ask.key}: ${deed} ${suspicion!.ends} times with nothing else to do`,
    wayOut:
      "ask with a smaller picture or a newer server, or leave it out; the server's log says what happened",
    cause: problem?.cause ?? problem?.message,
  });
}

/** No answer within `limit` milliseconds. */
export function late({ ask }: Job, { endpoint }: Server, limit: number): ProblemParts {
  return {
    reason: "late",
    message: `${ask.key} had no answer from ${endpoint} within ${Math.round(limit / 1000)} s`,
    wayOut: "look at the server's log, or allow shorter answers",
  };
}

export function noServerLeft(count: number, last: string): ConfigurationError {
  const servers = count === 1 ? "the only server does not answer" : `none of the ${count} servers answers`;
  return new ConfigurationError(
    `${servers} any more (last: ${last}); start what is down and run the same again: what is done is kept`,
  );
}

export function closed(): Error {
  return new DOMException("the servers are asked nothing any more", "AbortError");
}
