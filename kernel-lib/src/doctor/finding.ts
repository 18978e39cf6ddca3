/** One thing that was looked for on this machine. */
export interface Finding {
  name: string;
  /** `missing` is a loss of what `adds` says; `broken` stops figloom from working at all. */
  state: "found" | "missing" | "broken";
  /** Version, address or what is wrong, in a few words. */
  detail: string;
  /** What it is for, as the end of a sentence: `renders PDF figures`. */
  adds: string;
  /** How to get it; `null` where it is there. */
  remedy: string | null;
}
