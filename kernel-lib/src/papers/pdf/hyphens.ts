/** Words that are parted at line ends. */

/** A hyphen, and the signs that PDF files have in its place where a line ends. */
const PARTED = /(\p{L}[\p{L}\p{M}’']*)[-‐\u00ad\u0002\ufffe]$/u;
const SOFT = /[\u00ad\u0002\ufffe]$/u;
/** What goes on in the next line without a space: `glycero-` `3-phosphate`, `a–` `b`, `and/` `or`. */
const OPEN_END = /[\p{L}\p{N})\]’'][-‐]$|\p{L}[–—/]$/u;
const WORD = /[\p{L}\p{M}’'-]*[\p{L}\p{M}]/gu;

/** The words that stand whole in a document's lines, in small letters. */
export type Vocabulary = ReadonlySet<string>;

/** The vocabulary of lines of text: words at a line's ends, which may be parts, are left out. */
export function vocabularyOf(lines: Iterable<string>): Vocabulary {
  const words = new Set<string>();
  for (const line of lines) {
    const found = [...line.matchAll(WORD)];
    found.forEach(([word], i) => {
      if (i > 0 && (i < found.length - 1 || !PARTED.test(line))) words.add(word.toLowerCase());
    });
  }
  return words;
}

/** One text out of the lines of a paragraph. A hyphen at a line's end goes, unless the document writes it elsewhere too. */
export function joinLines(lines: readonly string[], vocabulary: Vocabulary): string {
  const parts: string[] = [];
  for (const raw of lines) {
    const line = raw.trim();
    if (!line) continue;
    const last = parts.pop();
    if (last !== undefined) parts.push(...joint(last, line, vocabulary));
    parts.push(line);
  }
  return parts.join("");
}

/** A line as it stands before the next one: with its hyphen or without, with a space or without. */
function joint(last: string, next: string, vocabulary: Vocabulary): string[] {
  const parted = PARTED.exec(last.slice(-MAX_WORD));
  const rest = /^[\p{L}\p{M}’']+(?:-\p{L}+)*/u.exec(next.slice(0, MAX_WORD))?.[0];
  if (parted && rest) {
    const whole = SOFT.test(last) || isOneWord(parted[1]!, rest, vocabulary);
    return [last.slice(0, -1), ...(whole ? [] : ["-"])];
  }
  return OPEN_END.test(last.slice(-MAX_WORD)) && /^[\p{L}\p{N}([]/u.test(next) ? [last] : [last, " "];
}

/** Characters of a line's end or beginning that are looked at. */
const MAX_WORD = 60;

function isOneWord(start: string, rest: string, vocabulary: Vocabulary): boolean {
  const [a, b] = [start.toLowerCase(), rest.toLowerCase()];
  if (vocabulary.has(a + b)) return true;
  if (vocabulary.has(`${a}-${b}`)) return false;
  // "Monte-Carlo", "X-ray", "state-of-the-art".
  if (/^\p{Lu}/u.test(rest) || a.length === 1 || b.includes("-")) return false;
  if (/^\p{Lu}{2,}$/u.test(start)) return false;
  return !(a.length > 2 && b.length > 2 && vocabulary.has(a) && vocabulary.has(b));
}
