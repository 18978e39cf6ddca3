/** What differs between two texts, by word. */
import { diffArrays } from "diff";
import type { Change } from "./protocol.js";

/**
 * Numbers with their decimals, words with inner hyphens and apostrophes, runs of blanks, and any other character
 * alone: what a reader takes for one thing changes as one thing.
 */
const TOKEN = /\s+|\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}\p{N}_]+(?:[-'’][\p{L}\p{M}\p{N}_]+)*|./gsu;

/** Beyond this many changed tokens two captions have nothing in common worth showing; bounds time to about 0.2 s. */
const MAX_EDITS = 2_000;
/** Milliseconds, for texts of 100,000 characters. */
const PATIENCE = 300;

/**
 * Differences of two texts by word, true to every blank: kept and added pieces concatenated are the new text, kept
 * and removed ones the old.
 */
export function diffWords(from: string, to: string): Change[] {
  return tryWords(from, to) ?? replaced(from, to);
}

/** One text in the other's place. */
export function replaced(from: string, to: string): Change[] {
  return pieces([
    ["removed", from],
    ["added", to],
  ]);
}

/** {@link diffWords}, or `null` where the texts have too little in common or are too long to say. */
export function tryWords(from: string, to: string): Change[] | null {
  const changes = diffArrays(from.match(TOKEN) ?? [], to.match(TOKEN) ?? [], {
    maxEditLength: MAX_EDITS,
    timeout: PATIENCE,
  });
  if (!changes) return null;
  return calm(
    pieces(
      changes.map(({ added, removed, value }) => [
        added ? "added" : removed ? "removed" : "kept",
        value.join(""),
      ]),
    ),
  );
}

function pieces(parts: [Change["kind"], string][]): Change[] {
  return parts.filter(([, text]) => text !== "").map(([kind, text]) => ({ kind, text }));
}

/**
 * Joins runs of changes that only blanks keep apart, so that a rewritten clause reads as one removal and one
 * addition and not as a flicker of single words.
 */
function calm(changes: Change[]): Change[] {
  const calmed: Change[] = [];
  let run = { removed: "", added: "" };
  const flush = () => {
    calmed.push(
      ...pieces([
        ["removed", run.removed],
        ["added", run.added],
      ]),
    );
    run = { removed: "", added: "" };
  };
  changes.forEach(({ kind, text }, i) => {
    if (kind !== "kept") {
      run[kind] += text;
      return;
    }
    const open = run.removed !== "" && run.added !== "";
    const goesOn = i + 1 < changes.length;
    if (open && goesOn && /^\s+$/.test(text)) {
      run.removed += text;
      run.added += text;
      return;
    }
    flush();
    calmed.push({ kind, text });
  });
  flush();
  return calmed;
}
