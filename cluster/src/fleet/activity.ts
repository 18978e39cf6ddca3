/** Whether servers have something to do, by what they say of themselves. */
import { readMetrics } from "figloom/fleet";

/** A server that has requests and makes no token for so long hangs, although it says that it is well. */
const STALL_MS = 120_000;
const DEADLINE = 5000;

interface Known {
  tokens: number;
  /** When it last got on, or had nothing to do. */
  movedAt: number;
}

/** Looks at the servers of a node from time to time. */
export class Activity {
  readonly #known = new Map<string, Known>();
  #busyAt: number;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.#busyAt = now();
  }

  /** Seconds since one of them had something to do. */
  get idleSeconds(): number {
    return (this.now() - this.#busyAt) / 1000;
  }

  /** Counts as something to do: servers load, or cannot be asked. */
  busy(): void {
    this.#busyAt = this.now();
  }

  /** @returns those that hang */
  async look(endpoints: readonly string[]): Promise<string[]> {
    const loads = await Promise.all(endpoints.map(loadOf));
    return endpoints.filter((endpoint, at) => this.#note(endpoint, loads[at]!));
  }

  #note(endpoint: string, load: Load | null): boolean {
    const now = this.now();
    if (!load) {
      this.busy();
      return false;
    }
    const known = this.#known.get(endpoint);
    const moved = !known || known.tokens !== load.tokens;
    if (load.waiting || (known && moved)) this.busy();
    const movedAt = moved || !load.waiting ? now : known.movedAt;
    this.#known.set(endpoint, { tokens: load.tokens, movedAt });
    if (now - movedAt < STALL_MS) return false;
    this.#known.delete(endpoint);
    return true;
  }
}

interface Load {
  /** Of all questions and answers so far. */
  tokens: number;
  /** Whether requests run or wait. */
  waiting: boolean;
}

async function loadOf(endpoint: string): Promise<Load | null> {
  try {
    const reply = await fetch(`${endpoint}/metrics`, { signal: AbortSignal.timeout(DEADLINE) });
    const load = reply.ok ? readMetrics(await reply.text()) : null;
    return (
      load && {
        tokens: load.promptTokens + load.generationTokens,
        waiting: load.running + load.waiting > 0,
      }
    );
  } catch {
    return null;
  }
}
