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
}
