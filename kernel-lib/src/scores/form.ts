import { sentenceRanges } from "../text/sentences.js";
import { words } from "../text/words.js";
import { copiedShare } from "./form/copying.js";
import { readableShare } from "./form/readability.js";
import { movingTypeTokenRatio, repeatedShare } from "./form/repetition.js";
import type { Measured, ScoreInput, Scorer } from "./scorer.js";

/** Words of a window of `distinct-words`: most captions have so many. */
const WINDOW = 20;
/** Words of a run that counts as repeated. */
const REPEATED = 4;
/** Words of the shortest run that counts as copied. */
const COPIED = 5;

/** UTF-16 units of a text that are read; what is beyond of a caption is reported as `truncated`. */
const READ = 262_144;

const ABOUT = { metric: "characters", id: "form", version: 1 } as const;
const ALSO = ["words", "sentences", "distinct-words", "repeated", "copied", "symbols"] as const;

/**
 * How a caption is written, apart from what it says. Its metrics:
 *
 * - `characters`: Unicode code points, white space included.
 * - `words`: runs of letters and digits with their scripts, as `CO2`, `x^2`, `IL-6`.
 * - `sentences`, by a splitter that knows the abbreviations of papers.
 * - `distinct-words`: share of different words in a window of 20, averaged over all windows, so that captions of
 *   different length can be compared; `null` below 20 words. See {@link movingTypeTokenRatio}.
 * - `repeated`: share of the runs of four words that stood before in the same caption; `null` below four words. Lower is
 *   better. See {@link repeatedShare}.
 * - `copied`: share of the words in runs of five words or more that stand in a paragraph that mentions the figure; `null`
 *   below five words, and where no paragraph does. Its `detail` tells the same of the raw caption's words
 *   (`from_raw_caption`). See {@link copiedShare}.
 * - `symbols`: share of the characters that can be read: no U+FFFD, no private use, no left-over TeX commands, HTML
 *   entities or glyph numbers; `null` for an empty caption. Higher is better. See {@link readableShare}.
 *
 * It needs no model; its time is linear in caption and paragraphs, some tens of microseconds for usual ones.
 */
export function form(): Scorer {
  return {
    ...ABOUT,
    also: ALSO,
    spec: { kind: "form", options: {} },
    score(input, { signal }) {
      signal.throwIfAborted();
      return Promise.resolve(formOf(input));
    },
  };
}

function formOf({ figure, caption, text: whole }: ScoreInput): Measured {
  const text = whole.slice(0, READ);
  const said = wordsOf(text);
  const contexts = figure.contexts.map((context) => wordsOf(context.text.slice(0, READ)));
  const ofRaw =
    caption === "raw" ? null : copiedShare(said, [wordsOf(figure.caption.slice(0, READ))], COPIED);
  const values: Record<string, number | null> = {
    characters: codePoints(whole),
    words: said.length,
    sentences: sentenceRanges(text).length,
    "distinct-words": movingTypeTokenRatio(said, WINDOW),
    repeated: repeatedShare(said, REPEATED),
    copied: copiedShare(said, contexts, COPIED),
    symbols: readableShare(text),
  };
  const truncated = whole.length > 0 ? Math.max(0, 1 - READ / whole.length) : 0;
  const scores = Object.entries(values).map(([metric, value]) => ({
    ...{ figure_id: figure.figure_id, metric, caption, value },
    ...{ scorer: ABOUT.id, scorer_version: ABOUT.version, truncated },
    detail: metric === "copied" ? JSON.stringify({ from_raw_caption: ofRaw }) : null,
  }));
  return { scores };
}

/** Length in characters: two halves of one, as JavaScript stores those beyond U+FFFF, count once. */
const codePoints = (text: string): number =>
  text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);

const wordsOf = (text: string): string[] => words(text).map((word) => word.text.toLowerCase());
