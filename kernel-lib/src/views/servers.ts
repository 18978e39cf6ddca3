/** What a kernel answers about the servers that it would ask, on the comm target {@link SERVERS_TARGET}. */
export const SERVERS_TARGET = "figloom.servers.v1";

export interface ServerStatus {
  /** Without what is secret in it. */
  address: string;
  /** Whether it answers. */
  up: boolean;
  /** The models it serves, or what is wrong, in a few words. */
  detail: string;
  /** What the user can do; `null` where nothing is wrong. */
  remedy: string | null;
  /** `null` where the server does not say. */
  load: {
    /** Requests that it works on. */
    running: number;
    /** Requests that wait. */
    waiting: number;
    /** Share of its key-value cache in use, 0..1. */
    cache: number;
  } | null;
}

export interface ServersMethods {
  /** The servers of `FIGLOOM_ENDPOINTS`, in that order; where it is empty, those of fleets. Takes up to 3 s. */
  servers(argument: Record<string, never>): ServerStatus[];
}
