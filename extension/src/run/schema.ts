import type { RunView } from "figloom/views";
import * as z from "zod/mini";
import { count, maybe, time, text } from "../common/schema.js";

const amount = z.number().check(z.minimum(0));
const part = z.object({
  stage: text,
  done: count,
  failed: count,
  failedBefore: count,
  reused: count,
  total: z.nullable(count),
  seconds: amount,
});
const server = z.object({
  name: text,
  health: text,
  inFlight: count,
  running: z.nullable(amount),
  waiting: z.nullable(amount),
  cacheUsage: z.nullable(amount),
  perSecond: amount,
});
const shards = z.object({
  phase: text,
  total: z.nullable(count),
  done: count,
  atWork: count,
  givenUp: count,
});
const worker = z.object({
  ...{ worker: text, phase: text, task: text, restart: count, host: text, status: text, note: maybe },
  ...{ done: count, failed: count, perSecond: amount, shards: z.array(text) },
});
const task = z.object({
  ...{ phase: text, task: text, state: text, host: maybe, restarts: count, said: text },
});
const failure = z.object({ item: text, file: text, reason: text, message: text, way_out: text });

export const runView: z.ZodMiniType<RunView> = z.object({
  state: z.object({
    run: text,
    dataset: maybe,
    verb: text,
    title: text,
    host: text,
    pid: z.number(),
    process: z.nullable(z.object({ boot: text, started: text })),
    engine: z.optional(text),
    status: z.enum([
      ...(["starting", "running", "pausing", "paused", "cancelling"] as const),
      ...(["finished", "failed", "cancelled", "lost"] as const),
    ]),
    started: time,
    ended: z.nullable(time),
    heard: time,
    parts: z.array(part),
    note: maybe,
    usage: z.nullable(
      z.object({ prompt_tokens: count, completion_tokens: count, cost: z.nullable(z.number()) }),
    ),
    servers: z.array(server),
    // Outputs of before there were any have none.
    shards: z._default(z.array(shards), []),
    workers: z._default(z.array(worker), []),
    tasks: z._default(z.array(task), []),
    failures: z.array(z.object({ reason: text, count, samples: z.array(failure) })),
    notices: z.array(z.object({ at: time, text })),
    history: z.array(z.tuple([z.number(), z.number()])),
    message: maybe,
  }),
  file: maybe,
});
