/** Operations on the shared file system, by what they cost its servers. */
export interface Operations {
  /** Files made, linked, renamed, removed: changes of a folder. */
  changes: number;
  /** Flushes of data. */
  flushes: number;
  /** Files opened or looked at. */
  lookups: number;
  /** Folders listed. */
  listings: number;
  /** Bytes written. */
  bytes: number;
}

/** What the protocol's steps take, as `strace` counts them. */
export const STEPS = {
  /** A heartbeat: a new file, renamed into its place. */
  beat: { changes: 2, flushes: 0, lookups: 0, listings: 0, bytes: 1500 },
  /** A lease: its folder, a draft, flushed, linked, removed; the folder flushed. */
  lease: { changes: 4, flushes: 2, lookups: 1, listings: 2, bytes: 400 },
  /** Looking whether a lease still counts. */
  check: { changes: 0, flushes: 0, lookups: 1, listings: 1, bytes: 0 },
  /** An attempt's folder and two files, what earlier ones left; all of it removed after the commit. */
  attempt: { changes: 6, flushes: 2, lookups: 3, listings: 2, bytes: 0 },
  /** Results in their place: two drafts, flushed, renamed or removed. */
  seal: { changes: 4, flushes: 2, lookups: 2, listings: 0, bytes: 0 },
  /** The commit: a draft, flushed, linked, removed; linked once more as the marker; both folders flushed. */
  commit: { changes: 4, flushes: 3, lookups: 2, listings: 3, bytes: 600 },
  /** Results that came in together: one flush, and a look at the lease. */
  keep: { changes: 0, flushes: 1, lookups: 1, listings: 1, bytes: 0 },
  /** Passing a shard that another worker holds or has done. */
  pass: { changes: 0, flushes: 0, lookups: 2, listings: 2, bytes: 0 },
  /** One look at another's heartbeat. */
  look: { changes: 0, flushes: 0, lookups: 1, listings: 0, bytes: 0 },
  /** One cycle of the coordinator, without the looks at workers. */
  cycle: { changes: 0, flushes: 0, lookups: 4, listings: 3, bytes: 500 },
  /** A shard's results brought into the dataset. */
  collect: { changes: 2, flushes: 1, lookups: 2, listings: 0, bytes: 0 },
  /** A figure's image: found, opened, read. */
  image: { changes: 0, flushes: 0, lookups: 2, listings: 0, bytes: 0 },
} as const satisfies Record<string, Operations>;
export type Step = keyof typeof STEPS;

export class OperationCount {
  readonly times = Object.fromEntries(Object.keys(STEPS).map((name) => [name, 0])) as Record<Step, number>;
  /** Bytes of results. */
  bytes = 0;

  add(step: Step, times = 1): void {
    this.times[step] += times;
  }

  get total(): Operations {
    const total: Operations = {
      ...{ changes: 0, flushes: 0, lookups: 0, listings: 0, bytes: this.bytes },
    };
    for (const [step, times] of Object.entries(this.times) as [Step, number][])
      for (const kind of Object.keys(total) as (keyof Operations)[]) total[kind] += STEPS[step][kind] * times;
    return total;
  }
}
