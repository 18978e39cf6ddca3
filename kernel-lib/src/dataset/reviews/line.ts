import { z } from "zod";
import type { Verdict } from "../../model.js";

/** What becomes of some figures, field by field; what is left out stays. Only what changes is written down. */
export interface Edit {
  figure_ids: string[];
  verdict?: Verdict | "none" | undefined;
  /** The verdict that its writer found; there when `verdict` is. */
  before?: Verdict | "none" | undefined;
  /** Tags that were not there. */
  add?: string[] | undefined;
  /** Tags that were there. */
  remove?: string[] | undefined;
}

/** A line of `reviews/<n>.jsonl`: an action of a person, or a part of one that is about many figures. */
export interface ReviewLine {
  /** ISO 8601 in UTC, to the millisecond. Of a writer no two lines have the same. */
  time: string;
  /** Any name that no other writer has. */
  writer: string;
  action: string;
  /** Whose undo takes it back: a process, or the command line. */
  history: string;
  /** For people: `accepted 12 figures`; of an action that takes another back, what that other said. */
  said: string;
  /** The action that this one takes back. */
  reverts: string | null;
  edits: Edit[];
}

/** Figures of one line: a line is read whole. */
export const FIGURES_A_LINE = 10_000;

/** Beyond it a time is none that a clock has shown. */
export const LATEST = "2200-01-01";

const VERDICT = z.enum(["accepted", "rejected", "none"]).optional();

const EDIT = z.object({
  figure_ids: z.array(z.string()),
  verdict: VERDICT,
  before: VERDICT,
  add: z.array(z.string()).optional(),
  remove: z.array(z.string()).optional(),
});

const LINE = z.object({
  time: z.iso.datetime({ precision: 3 }).refine((time) => time < LATEST),
  writer: z.string(),
  action: z.string(),
  history: z.string(),
  said: z.string(),
  reverts: z.string().nullable(),
  edits: z.array(EDIT),
});

/** Reads a line; `null` where it is none that figloom writes: a dataset may come from a stranger. */
export function readLine(text: string): ReviewLine | null {
  try {
    return LINE.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
