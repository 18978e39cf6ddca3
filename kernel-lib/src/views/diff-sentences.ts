/** What differs between two texts, by sentence. */
import { diffArrays } from "diff";
import { replaced, tryWords } from "./diff-words.js";
import type { Change } from "./protocol.js";

const MAX_EDITS = 5_000;
/** Milliseconds. */
const PATIENCE = 300;
/** Pairs of sentences that are looked at in one changed stretch: beyond that none is taken for rewritten. */
const MAX_PAIRS = 2_500;
/** Sentences that have this share of their words in common (Dice's coefficient) are one that was rewritten. */
const ALIKE = 0.5;

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** Sentences and the blanks between them; concatenated they are the text. */
function tokens(text: string): string[] {
  return [...sentences.segment(text)].flatMap(({ segment }) => {
    const words = segment.trimEnd();
    return [words, segment.slice(words.length)].filter((token) => token !== "");
  });
}

/**
 * Differences of two texts by sentence, true to every blank as `diffWords`. Sentences that stand elsewhere in the other
 * text are said to be moved; of those that were rewritten the words that differ are told.
 */
export function diffSentences(from: string, to: string): Change[] {
  const found = diffArrays(tokens(from), tokens(to), { maxEditLength: MAX_EDITS, timeout: PATIENCE });
  if (!found) return replaced(from, to);
  const side = (which: "removed" | "added") =>
    new Set(found.filter((part) => part[which]).flatMap(({ value }) => value.filter(isSentence)));
  const [gone, come] = [side("removed"), side("added")];
  const moved = new Set([...gone].filter((sentence) => come.has(sentence)));

  const changes: Change[] = [];
  let run: Run = { removed: [], added: [] };
  const flush = () => {
    changes.push(...ofRun(run, moved));
    run = { removed: [], added: [] };
  };
  for (const { added, removed, value } of found) {
    if (removed) run.removed.push(...value);
    else if (added) run.added.push(...value);
    else {
      // Blanks between two changed sentences hold together what belongs together.
      flush();
      changes.push({ kind: "kept", text: value.join("") });
    }
  }
  flush();
  return changes;
}

/** What stands between two kept stretches. */
interface Run {
  removed: string[];
  added: string[];
}

const isSentence = (token: string): boolean => token.trim() !== "";

function ofRun({ removed, added }: Run, moved: ReadonlySet<string>): Change[] {
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  const upTo = (r: number, a: number) => {
    changes.push(
      ...whole("removed", removed.slice(i, r), moved),
      ...whole("added", added.slice(j, a), moved),
    );
    [i, j] = [r, a];
  };
  for (const [r, a, words] of pairs({ removed, added }, moved)) {
    upTo(r, a);
    changes.push(...words.map((change): Change => ({ ...change, sentence: "rewritten" })));
    [i, j] = [r + 1, a + 1];
  }
  upTo(removed.length, added.length);
  return changes;
}

/** Neighbours that are all moved, or all not, are one piece. */
function whole(kind: "removed" | "added", texts: string[], moved: ReadonlySet<string>): Change[] {
  const changes: Change[] = [];
  for (const text of texts) {
    const sentence = moved.has(text) ? "moved" : undefined;
    const last = changes.at(-1);
    if (last && (last.sentence === sentence || !isSentence(text))) last.text += text;
    else changes.push({ kind, text, ...(sentence && { sentence }) });
  }
  return changes;
}

/** Sentences that were rewritten, in the order of both texts, each with what differs in it. */
function* pairs(
  { removed, added }: Run,
  moved: ReadonlySet<string>,
): Generator<[removed: number, added: number, words: Change[]]> {
  if (removed.length * added.length > MAX_PAIRS) return;
  const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const free = (text: string) => isSentence(text) && !moved.has(text);
  const candidates = added.map((text) => (free(text) ? words(text) : null));
  let from = 0;
  for (const [r, text] of removed.entries()) {
    if (!free(text)) continue;
    const own = words(text);
    let best = { at: -1, alike: ALIKE };
    for (let a = from; a < added.length; a++) {
      const other = candidates[a];
      if (!other) continue;
      const alike = (2 * [...own].filter((word) => other.has(word)).length) / (own.size + other.size);
      if (alike > best.alike) best = { at: a, alike };
    }
    const differing = best.at < 0 ? null : tryWords(text, added[best.at]!);
    if (!differing) continue;
    yield [r, best.at, differing];
    from = best.at + 1;
  }
}
