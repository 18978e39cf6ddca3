/** A node of a fleet: starts its servers, says that they are there, and leaves when nobody wants them any more. */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { errorText } from "figloom/errors";
import type { FleetMember } from "figloom/fleet";
import { startServers, type NodeServers, type ServerState } from "../servers/index.js";
import { Activity } from "./activity.js";
import type { FleetFolder, FleetPlan } from "./plan.js";

/** Seconds that requests get to end when the node leaves. */
const GRACE_SECONDS = 30;
/** Activity is looked at so often, and oftener where the idle time is short. */
const LOOK_MS = 10_000;

export interface MemberOptions {
  folder: FleetFolder;
  /** Names its file: no other process ever has it. */
  member: string;
  host: string;
  env: NodeJS.ProcessEnv;
  /** Aborted when it has to leave. */
  signal: AbortSignal;
}

/**
 * Serves until it is told to leave, was idle for too long, or has no server left.
 * @returns why it left
 * @throws {Error} where no server could be started, or all were given up
 */
export async function serve({ folder, member, host, env, signal }: MemberOptions): Promise<string> {
  const plan = folder.plan();
  const leaving = new AbortController();
  const leave = (why: string) => leaving.abort(new Leave(why));
  signal.addEventListener("abort", () => leave("It was told to leave."), { once: true });
  if (signal.aborted) leave("It was told to leave.");
  const activity = new Activity();
  const heart = new Heart(folder, {
    ...{ member, host, pid: process.pid, beat: 0, status: "starting", note: null, version: null },
    ...{ servers: [], idle: 0, started: Date.now() },
  });
  const beating = setInterval(() => {
    if (existsSync(folder.stop)) leave("The fleet was stopped.");
    heart.beat({ idle: Math.round(activity.idleSeconds) });
  }, plan.beatSeconds * 1000);
  heart.beat({});
  let servers: NodeServers | null = null;
  try {
    servers = await startServers(plan.serving, {
      ...{ folder: plan.media, logs: folder.logs(member), env, signal: leaving.signal },
      ...{ gpus: plan.gpus, expose: plan.expose },
      onState: (states) => heart.beat(said(states, plan)),
    });
    void servers.gone.then((why) => leaving.abort(new Error(why)));
    activity.busy();
    heart.beat({ status: "serving" });
    await untilIdle(servers, plan, activity, leaving.signal);
    leave(`Nobody asked its servers for ${plan.idleSeconds} s.`);
    heart.beat({ status: "leaving" });
    return (leaving.signal.reason as Leave).message;
  } catch (error) {
    heart.beat({ status: "leaving", note: errorText(error) });
    if (error instanceof Leave) return error.message;
    throw error;
  } finally {
    clearInterval(beating);
    await servers?.stop(GRACE_SECONDS);
    heart.beat({ status: "left", servers: [] });
  }
}

/** It leaves as it should. */
class Leave extends Error {}

/** @throws the signal's reason when it is aborted */
async function untilIdle(
  servers: NodeServers,
  { idleSeconds }: FleetPlan,
  activity: Activity,
  signal: AbortSignal,
): Promise<void> {
  const pause = Math.min(LOOK_MS, ((idleSeconds ?? Infinity) * 1000) / 4);
  for (;;) {
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    const up = servers.states.filter(({ health }) => health === "up").map(({ endpoint }) => endpoint);
    for (const hung of await activity.look(up)) servers.restart(hung).catch(() => undefined);
    if (idleSeconds !== null && activity.idleSeconds >= idleSeconds) return;
  }
}

function said(states: readonly ServerState[], { expose }: FleetPlan): Partial<FleetMember> {
  return {
    version: states.find(({ version }) => version !== null)?.version ?? null,
    note: states.find(({ health, note }) => health !== "up" && note !== null)?.note ?? null,
    servers: states
      .filter(({ endpoint }) => endpoint !== "")
      .map(({ endpoint, advertised, health }) => ({ endpoint: expose ? advertised : endpoint, health })),
  };
}

/** Heartbeats; one that cannot be written is left out. */
class Heart {
  #state: FleetMember;

  constructor(
    private readonly folder: FleetFolder,
    first: FleetMember,
  ) {
    this.#state = first;
  }

  beat(change: Partial<FleetMember>): void {
    this.#state = { ...this.#state, ...change, beat: this.#state.beat + 1 };
    try {
      this.folder.saveMember(this.#state);
    } catch {
      // A disk that is full now may have room at the next beat.
    }
  }
}
