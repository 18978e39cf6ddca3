/** A condition over the view `figures`, with the values of `$1`, `$2` … in it. */
export interface Search {
  condition: string;
  parameters: string[];
}

/** Words of a search that count. */
const WORDS = 10;

/**
 * Figures with each of the words in a caption, label, id, their paper's title or the text on the picture; capitals and
 * accents do not matter. `null` for a search without a word.
 */
export function searchCondition(search: string): Search | null {
  const words = search.trim().split(/\s+/u).filter(Boolean).slice(0, WORDS);
  if (words.length === 0) return null;
  const conditions = words.map((_, at) => {
    const has = (text: string) => `contains(strip_accents(lower(${text})), strip_accents(lower($${at + 1})))`;
    const own = ["caption", "coalesce(label, '')", "figure_id", "coalesce(title, '')"].map(has);
    const recaptioned = `figure_id IN (SELECT figure_id FROM recaptions WHERE ${has("text")})`;
    const onPicture = `(figure_id, sha256) IN (SELECT (figure_id, sha256) FROM picture_texts WHERE ${has("text")})`;
    return `(${[...own, recaptioned, onPicture].join(" OR ")})`;
  });
  return { condition: conditions.join(" AND "), parameters: words };
}
