import type { CaptionInput } from "../captioner.js";
import { sentenceRanges } from "../../text/sentences.js";
import { shared, terms } from "../../text/words.js";
import { rewrite } from "./rewrite.js";
import { isSaid } from "./said.js";
import { plainText } from "./tidy.js";

/** A caption shorter than this is told apart by its paper's title, where no sentence of the abstract fits. */
const SHORT = 200;
/** Share of the sentence's terms that the caption must have: less, and it is about something else. */
const MIN_OVERLAP = 0.3;

/**
 * One sentence on what the figure is part of: the abstract's sentence that shares most terms with the caption and
 * adds some; for a short caption otherwise the title. `null` where neither adds anything or fits.
 */
export function settingSentence(
  { title, abstract }: CaptionInput["paper"],
  { caption, room }: { caption: string; room: number },
): string | null {
  const known = terms(caption);
  let best: { text: string; overlap: number } | null = null;
  for (const [start, end] of sentenceRanges((abstract ?? "").slice(0, 20_000))) {
    const rewritten = rewrite((abstract ?? "").slice(start, end), { float: "figure", number: null });
    if (!rewritten || rewritten.dangling || rewritten.text.length > room) continue;
    const own = terms(rewritten.text);
    const overlap = shared(own, known);
    if (
      overlap < 2 ||
      overlap / own.size < MIN_OVERLAP ||
      isSaid(own, [known]) ||
      overlap <= (best?.overlap ?? 0)
    )
      continue;
    best = { text: rewritten.text, overlap };
  }
  return best?.text ?? (caption.length < SHORT ? titlePhrase(title, known, room) : null);
}

function titlePhrase(title: string | null, known: ReadonlySet<string>, room: number): string | null {
  const text = plainText(title ?? "").replace(/[.\s]+$/, "");
  const phrase = `From “${text}”.`;
  return text && phrase.length <= room && !isSaid(terms(text), [known]) ? phrase : null;
}
