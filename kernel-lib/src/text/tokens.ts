/** Kinds of UTF-16 code units that byte-pair encoders treat alike. */
const enum Kind {
  Blank,
  Lower,
  Upper,
  Accented,
  Digit,
  Break,
  Punctuation,
  Greek,
  Cyrillic,
  Symbol,
  Ideograph,
  Syllable,
  Surrogate,
  Other,
}

/**
 * Tokens for each thing that is counted, fitted by least squares to Qwen3's own tokenizer on papers' texts and rounded
 * up; docs/prompts.md says how well it holds.
 */
const PER = {
  word: 0.96,
  /** For each letter of a word beyond the seventh, and beyond the fifteenth. */
  longWord: 0.18,
  veryLongWord: 0.6,
  capital: 0.38,
  innerCapital: 0.18,
  accent: 1.5,
  /** Every digit is a token of its own, and so is the blank before a number. */
  digit: 1.05,
  blankBeforeDigit: 1,
  /** The first sign of a run, and each further one. */
  punctuation: 0.95,
  furtherPunctuation: 0.32,
  greek: 1.05,
  cyrillic: 0.34,
  symbol: 1.3,
  ideograph: 0.72,
  syllable: 0.66,
  /** Half of a character outside the basic plane, such as 𝒪 or an emoji. */
  surrogate: 1.3,
  other: 1.7,
};

const KINDS = Uint8Array.from({ length: 65_536 }, (_, unit) => kindOf(unit));

function kindOf(unit: number): Kind {
  const within = (first: number, last: number) => unit >= first && unit <= last;
  if (unit === 10 || unit === 13) return Kind.Break;
  if (unit <= 32 || unit === 0xa0) return Kind.Blank;
  if (within(97, 122)) return Kind.Lower;
  if (within(65, 90)) return Kind.Upper;
  if (within(48, 57)) return Kind.Digit;
  if (unit < 128) return Kind.Punctuation;
  if (within(0xa1, 0xbf) || unit === 0xd7 || unit === 0xf7 || within(0x2000, 0x2bff)) return Kind.Symbol;
  if (within(0xc0, 0x24f)) return Kind.Accented;
  if (within(0x370, 0x3ff)) return Kind.Greek;
  if (within(0x400, 0x52f)) return Kind.Cyrillic;
  if (within(0x3040, 0x30ff) || within(0xac00, 0xd7af)) return Kind.Syllable;
  if (within(0x3000, 0x303f) || within(0x3400, 0x4dbf) || within(0x4e00, 0x9fff)) return Kind.Ideograph;
  if (within(0xff00, 0xffef)) return Kind.Ideograph;
  if (within(0xd800, 0xdfff)) return Kind.Surrogate;
  return Kind.Other;
}

/**
 * How many tokens a text will probably be for Qwen's models: without a vocabulary, from the kinds of its characters and
 * the lengths of its words, rather a little too many. The same everywhere; one pass, some hundred MB a second.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let letters = 0;
  let previous = Kind.Break;
  for (let i = 0; i < text.length; i++) {
    const kind: Kind = KINDS[text.charCodeAt(i)]!;
    if (kind === Kind.Lower || kind === Kind.Upper || kind === Kind.Accented) {
      if (kind === Kind.Upper) tokens += letters === 0 ? PER.capital : PER.innerCapital;
      else if (kind === Kind.Accented) tokens += PER.accent;
      letters++;
      if (letters === 1) tokens += PER.word;
      else if (letters > 15) tokens += PER.longWord + PER.veryLongWord;
      else if (letters > 7) tokens += PER.longWord;
    } else {
      letters = 0;
      tokens += weight(kind, previous);
    }
    previous = kind;
  }
  return Math.ceil(tokens);
}

function weight(kind: Kind, previous: Kind): number {
  switch (kind) {
    case Kind.Digit:
      return previous === Kind.Blank ? PER.digit + PER.blankBeforeDigit : PER.digit;
    case Kind.Punctuation:
      return previous === Kind.Punctuation ? PER.furtherPunctuation : PER.punctuation;
    case Kind.Greek:
      return PER.greek;
    case Kind.Cyrillic:
      return PER.cyrillic;
    case Kind.Symbol:
      return PER.symbol;
    case Kind.Ideograph:
      return PER.ideograph;
    case Kind.Syllable:
      return PER.syllable;
    case Kind.Surrogate:
      return PER.surrogate;
    case Kind.Other:
      return PER.other;
    // A run of line breaks is one token.
    case Kind.Break:
      return previous === Kind.Break ? 0 : 1;
    default:
      return 0;
  }
}
