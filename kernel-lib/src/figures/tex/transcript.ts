import { BEGINS, ENDS, JOB } from "./harness.js";

/** What a run of TeX said about itself on its terminal. */
export interface Transcript {
  /** Numbers of the floats that were begun, in order. */
  begun: number[];
  /** Numbers of the floats that were drawn to their end. */
  ended: Set<number>;
  /** The first error in each float that had one. */
  errors: Map<number, string>;
  /** The last error outside of floats: in the preamble, or the one that ended the run. */
  error: string | null;
  /** A file that TeX asked for in vain and stopped. */
  missing: string | null;
  /** Pages that were written. */
  pages: number;
}

const LINE = new RegExp(
  String.raw`^(?:${BEGINS} (\d+)|${ENDS} (\d+) (-?\d+)|! (.*)|Output written on ${JOB}\.(?:pdf|dvi) \((\d+) pages?,.*)$`,
);
const NOT_FOUND = [
  /File [`'"]([^`'"]+)' not found/,
  /I can't find file [`'"]([^`'"]+)'/,
  /Unable to load picture or PDF file '([^']+)'/,
  /I did not find the tikz library '([^']+)'/,
];

/** Reads what TeX printed (in nonstop mode, with lines that are not broken). */
export function readTranscript(output: string): Transcript {
  const transcript: Transcript = {
    begun: [],
    ended: new Set(),
    errors: new Map(),
    error: null,
    missing: null,
    pages: 0,
  };
  const lines = output.split("\n");
  let float: number | null = null;
  lines.forEach((line, i) => {
    const match = LINE.exec(line);
    if (!match) return;
    const [, begun, ended, open, error, pages] = match;
    if (begun !== undefined) transcript.begun.push((float = Number(begun)));
    else if (ended !== undefined) {
      if (open === "0") transcript.ended.add(Number(ended));
      float = null;
    } else if (pages !== undefined) transcript.pages = Number(pages);
    else if (error !== undefined) note(transcript, float, errorAt(lines, i, error));
  });
  return transcript;
}

function note(transcript: Transcript, float: number | null, error: string): void {
  if (/^(?:Emergency stop|==> Fatal)/.test(error)) return;
  for (const pattern of NOT_FOUND) transcript.missing = pattern.exec(error)?.[1] ?? transcript.missing;
  if (float === null) transcript.error = error;
  else if (!transcript.errors.has(float)) transcript.errors.set(float, error);
}

/** An error's message, with the command that it is about where TeX only says that it does not know it. */
function errorAt(lines: readonly string[], at: number, message: string): string {
  const place = lines.slice(at + 1, at + 12).find((line) => /^(?:l\.\d+|<[^>]*>|\\\S+ .*->)/.test(line));
  const command = /(\\(?:[A-Za-z@]+|.))\s*$/.exec(place ?? "")?.[1];
  return message.startsWith("Undefined control sequence") && command
    ? `Undefined control sequence ${command}`
    : message.trim();
}
