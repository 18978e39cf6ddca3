/** What the doctor found out about one piece. */
export interface Finding {
  name: string;
  /** Version or state; `null` where it is missing. */
  found: string | null;
  /** Whether figloom can do nothing without it. */
  required: boolean;
  /** What it adds, one sentence. */
  adds: string;
  /** How to get it, one sentence. */
  get: string;
}
