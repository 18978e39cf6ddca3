import { stem } from "../../text/words.js";

const ENDINGS =
  /(?:isation|ization|ational|ation|ement|ment|ness|ities|ity|ance|ence|ancy|ency|able|ible|ally|ical|al|ive|ous|ary|ory|ion|ier|er|or|ic|at|y)$/;

/**
 * What words of one family share: `measur` of `measured` and `measurement`, `simul` of `simulated` and `simulations`.
 * Coarser than a stem; at least four letters, shorter words are their own root.
 */
export function root(word: string): string {
  const stemmed = stem(word).replace(/iz$/, "is");
  const cut = stemmed.replace(ENDINGS, "");
  return cut.length >= 4 ? cut : stemmed;
}
