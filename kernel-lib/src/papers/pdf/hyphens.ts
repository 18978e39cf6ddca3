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
  let text = "";
  for (const raw of lines) {
    const line = raw.trim();
    if (!line) continue;
    const parted = PARTED.exec(text);
    const rest = /^[\p{L}\p{M}’']+(?:-\p{L}+)*/u.exec(line)?.[0];
    if (parted && rest) {
      const soft = SOFT.test(text);
      text =
        (soft || isOneWord(parted[1]!, rest, vocabulary) ? text.slice(0, -1) : text.slice(0, -1) + "-") +
        line;
    } else if (OPEN_END.test(text) && /^[\p{L}\p{N}([]/u.test(line)) text += line;
    else text += text ? ` ${line}` : line;
  }
  return text;
}

function isOneWord(start: string, rest: string, vocabulary: Vocabulary): boolean {
  const [a, b] = [start.toLowerCase(), rest.toLowerCase()];
  if (vocabulary.has(a + b)) return true;
  if (vocabulary.has(`${a}-${b}`)) return false;
  // "Monte-Carlo", "X-ray", "state-of-the-art".
  if (/^\p{Lu}/u.test(rest) || a.length === 1 || b.includes("-")) return false;
  if (/^\p{Lu}{2,}$/u.test(start)) return false;
  return !(a.length > 2 && b.length > 2 && vocabulary.has(a) && vocabulary.has(b));
}
