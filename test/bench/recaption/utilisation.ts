import { join } from "node:path";
import { vllm } from "../../../kernel-lib/src/captions/vllm/vllm.js";
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import { recaption } from "../../../kernel-lib/src/lab/recaption.js";
import { synthesize } from "../../support/synthetic/dataset.js";
import type { Part } from "../support/report.js";
import { sum } from "../support/timing.js";
import { benchPrompt } from "./prompt.js";
import { RunningFleet } from "./servers.js";

const IN_FLIGHT = [64, 256, 1024, 2048];
const SERVERS = [1, 4, 8];
/** Captions a second that the servers can make at most: client and servers together must not run out of processors. */
const MOST_A_SECOND = 200;
/** An answer takes at least so long. */
const LEAST_MILLISECONDS = 1000;
/** How long a run lasts: until the windows are wide, and then for some answers one after another. */
const RAMP_SECONDS = 10;
const GENERATIONS = 5;
const LOOK_MS = 250;

/** Runs of `figloom recaption` on servers whose capacity is known. */
export async function benchUtilisation(scratch: string): Promise<Part> {
  const plans = IN_FLIGHT.flatMap((inFlight) => SERVERS.map((servers) => planOf(inFlight, servers)));
  const folder = join(scratch, "dataset");
  const figures = Math.max(...plans.map((plan) => plan.captions));
  await synthesize(folder, { figures, size: () => ({ width: 96, height: 96 }) });
  const rows = [];
  for (const plan of plans) rows.push(await measure(folder, plan));
  const steady = rows.map((row) => row["steady, %"]);
  return {
    title: "Captions a second as a share of what the servers can do",
    items: `${figures} figures with small pictures, captions on the disk`,
    commands: {
      run: "lab.recaption on imitation servers, processes of their own, all slots of which hold the requests in flight",
      steady:
        "from one answer's time after all slots were first taken, to when so many figures were left as are in flight",
      taken:
        "share of the servers' slots that were taken in that time, by their metrics, four times a second",
      whole: "from the call to its end: windows that grow from 16 and the last answers included",
    },
    figures: { "worst, steady, %": Math.min(...steady), "best, steady, %": Math.max(...steady) },
    rows,
  };
}

interface RunPlan {
  inFlight: number;
  servers: number;
  milliseconds: number;
  captions: number;
}

function planOf(inFlight: number, servers: number): RunPlan {
  const milliseconds = Math.max(LEAST_MILLISECONDS, (1000 * inFlight) / MOST_A_SECOND);
  const perSecond = (1000 * inFlight) / milliseconds;
  const seconds = Math.max(20, RAMP_SECONDS + (GENERATIONS * milliseconds) / 1000);
  return { inFlight, servers, milliseconds, captions: Math.ceil(perSecond * seconds) };
}

/** A moment, and what had been used of the processors until then. */
interface Look {
  at: number;
  /** Seconds. */
  client: number;
  servers: number;
}

async function measure(folder: string, { inFlight, servers, milliseconds, captions }: RunPlan) {
  const fleet = await RunningFleet.start({ servers, slots: inFlight / servers, milliseconds });
  const model = vllm({ endpoints: fleet.endpoints, shared: false, inFlight: 2 * inFlight });
  /** Moments at which captions were kept. */
  const kept: number[] = [];
  const seen: { full: Look | null; drained: Look | null } = { full: null, drained: null };
  const look = (): Look => ({ at: performance.now(), client: ownSeconds(), servers: fleet.cpuSeconds() });
  /** Shares of the slots that were taken, looked at while all could be. */
  const taken: number[] = [];
  const looking = setInterval(() => {
    void fleet.running().then((running) => {
      if (running >= 0.99 * inFlight) seen.full ??= look();
      if (seen.full !== null && seen.drained === null) taken.push(running / inFlight);
    });
  }, LOOK_MS);
  const started = performance.now();
  try {
    await recaption(await Dataset.open(folder), {
      prompt: benchPrompt(`flight${inFlight}x${servers}`),
      on: model,
      limit: captions,
      onProgress: ({ done }) => {
        if (done === kept.length) return;
        kept.push(performance.now());
        if (done >= captions - inFlight) seen.drained ??= look();
      },
    });
    const seconds = (performance.now() - started) / 1000;
    const { full, drained } = seen;
    if (full === null || drained === null)
      throw new Error(`${inFlight} requests were never in flight at once on ${servers} servers.`);
    const capacity = await fleet.capacity();
    const from = full.at + milliseconds;
    const steady = (drained.at - from) / 1000;
    const rate = kept.filter((at) => at > from && at <= drained.at).length / steady;
    const busy = (drained.at - full.at) / 1000;
    return {
      "in flight": inFlight,
      servers,
      "capacity, /s": capacity,
      "steady, /s": rate,
      "steady, %": (100 * rate) / capacity,
      "steady, s": steady,
      "slots taken, %": (100 * sum(taken)) / taken.length,
      "whole, %": (100 * captions) / seconds / capacity,
      "full after, s": (full.at - started) / 1000,
      "client, processors": (drained.client - full.client) / busy,
      "servers, processors": (drained.servers - full.servers) / busy,
    };
  } finally {
    clearInterval(looking);
    await model.close();
    await fleet.stop();
  }
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
