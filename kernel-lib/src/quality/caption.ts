import type { Figure, Measurement, Paper } from "../model.js";
import { enoughText, languageOf } from "../text/language.js";

/** What reading a caption tells. */
export type CaptionMeasures = Pick<Measurement, "words" | "prose" | "commands" | "language">;

/** A figure's caption with the text around it, which helps to tell the language of a short one. */
type Captioned = Pick<Figure, "caption" | "contexts"> & Pick<Paper, "title" | "abstract">;

/** Longest text that is read, in UTF-16 code units. */
const READ = 20_000;

export function measureCaption({ caption, contexts, title, abstract }: Captioned): CaptionMeasures {
  const text = caption.slice(0, READ);
  const around = [
    text,
    ...contexts.map((context) => context.text.slice(0, READ)),
    title ?? "",
    abstract ?? "",
  ];
  return {
    words: ownWords(text),
    prose: proseShare(text),
    commands: text.replace(/\$[^$]*\$/g, " ").match(/\\[A-Za-z]{2,}/g)?.length ?? 0,
    language: languageOf(enoughText(around)),
  };
}

/**
 * Phrases that a caption may consist of without saying anything: what the figure is called, that it is in colour, that
 * the text explains it.
 */
const EMPTY_PHRASES = [
  String.raw`(?:(?:supplementary|supplemental|extended data)\s+)?(?:figures?|figs?|tables?|tabs?|plates?|schemes?|charts?|panels?)\b\.?\s*(?:[A-Z]?\.?\d+(?:[.-]\d+)*|[IVXLC]+\b)?\s*[a-z]?\b`,
  String.raw`\(?\s*(?:in\s+)?colou?rs?\s+(?:on-?\s?line|figure)(?:\s+only)?\s*\)?`,
  String.raw`\(?\s*(?:on-?\s?line|web)\s+version\s+in\s+colou?r\s*\)?`,
  String.raw`\(?\s*(?:please\s+)?(?:see|cf\.?)\s+(?:the\s+)?(?:main\s+)?(?:text|caption|legend|body)(?:\s+for\s+(?:more\s+)?(?:details|explanations?|discussion|description))?\s*\)?`,
  String.raw`\(?\s*(?:continued|cont(?:'d|’d|d)?\.?)\s*\)?`,
  String.raw`\bcaption\b`,
];
const EMPTY_PHRASE = new RegExp(EMPTY_PHRASES.join("|"), "giu");

const SEGMENTER = new Intl.Segmenter("en", { granularity: "word" });

/** Words with a letter that are left when {@link EMPTY_PHRASES} are out. */
function ownWords(text: string): number {
  let count = 0;
  for (const { segment, isWordLike } of SEGMENTER.segment(text.replace(EMPTY_PHRASE, " ")))
    if (isWordLike && /\p{L}/u.test(segment)) count++;
  return count;
}

/** Share of the characters other than blanks that stand in words of two letters and more, 0..1; `null` without any. */
function proseShare(text: string): number | null {
  const all = text.replace(/\s+/g, "").length;
  if (all === 0) return null;
  const markup = /\$[^$]*\$|\\[A-Za-z]+|<[^<>]*>/g;
  const inWords = text.replace(markup, " ").match(/(?<![\p{L}\p{N}_^])\p{L}[\p{L}\p{M}'’-]+(?![\p{N}_^])/gu);
  // A sign of Chinese, Japanese or Korean is more than a letter: there any letter is prose.
  return (inWords ?? []).reduce((sum, word) => sum + word.length, 0) / all;
}
