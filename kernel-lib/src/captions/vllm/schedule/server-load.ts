/** What a server says about itself, the engines behind one address added up. Counters only grow while it lives. */
export interface ServerLoad {
  /** Requests that the engine works on. */
  running: number;
  /** Requests that the engine has accepted and not begun. */
  waiting: number;
  /** Share of the key-value cache that running requests hold, 0 to 1: of several engines the fullest. */
  cacheUsage: number;
  /** How often the engine has thrown a running request back for want of cache, since it started. */
  preemptions: number;
  /** Prompt tokens worked through since it started. */
  promptTokens: number;
  /** Tokens generated since it started. */
  generationTokens: number;
  /** When its process started, in seconds since 1970; `null` where it does not say. */
  startedAt: number | null;
}

/** Whether a server was started anew between two looks at it. */
export function isAnew(before: ServerLoad, now: ServerLoad): boolean {
  if (before.startedAt !== null && now.startedAt !== null && now.startedAt > before.startedAt) return true;
  return now.promptTokens < before.promptTokens || now.generationTokens < before.generationTokens;
}
