import type { Discipline } from "../../model.js";
import { attribute, childAt, childrenOf, descendants, rawText } from "./elements.js";
import type { Element } from "./xml.js";

/** Headings that say what kind of article it is, not what it is about. */
const ARTICLE_KIND =
  /^(?:(?:original|research|review|short|brief|rapid|regular|technical|methods?|clinical|case|full|invited|expert|replication|feature|data|special|meeting|book)\s)*(?:articles?|papers?|reports?|reviews?|letters?|communications?|research|stud(?:y|ies)|notes?|corrections?|errat(?:um|a)|corrigend(?:um|a)|retractions?|editorials?|commentar(?:y|ies)|perspectives?|opinions?|viewpoints?|protocols?|abstracts?|tools and resources|software|practice|other)$/i;

/**
 * Words by which subjects and journals name their field, each text taken by the first that it holds: what joins two
 * fields (biochemistry, geophysics, medical imaging) stands with the one that it is about.
 */
const FIELDS: readonly (readonly [Discipline, RegExp])[] = [
  [
    "Astronomy",
    /astro(?:nom|physic)|cosmolog|planetary|galax|stellar|solar (?:physics|system)|space science/i,
  ],
  [
    "Earth Science",
    /geo(?:scien|log|physic|chem|graph|morph|desy)|earth|atmospher|climat|meteorolog|ocean|hydrolog|seism|volcan|glaci|cryospher|soil|paleonto|palaeonto/i,
  ],
  [
    "Biology",
    /biolog|biochem|biophysic|ecolog|evolution|genet|genom|proteom|zoolog|botan|plant|microb|virolog|neurosci|organism|species|animal|insect|cell(?:s|ular)?\b|chromosom|agricult|fisher/i,
  ],
  [
    "Medicine",
    /medic|clinic|health|cancer|oncolog|disease|surg|cardi|pharmac|epidemi|immun|infect|patholog|pediatr|paediatr|psychiatr|radiolog|nurs|dent(?:al|istr)|oral|diabet|neuro|ophthalm|nutrition|veterin|toxicolog|rehabilit/i,
  ],
  ["Chemistry", /chemi|chemical|catal|polymer|molecul|electrochem|spectroscop/i],
  [
    "Computer Science",
    /comput|informati|artificial intelligence|machine learning|software|data science|robot vision/i,
  ],
  [
    "Engineering",
    /engineer|materials|robot|energy|sensors?|electronics|aerospace|mechatron|nanotech|construction/i,
  ],
  ["Mathematics", /mathemat|statistic|probabilit|algebra|game theory/i],
  ["Physics", /physic|quantum|optics|photon|plasma|condensed matter|particles? and fields/i],
];
const JOURNAL_WEIGHT = 2;
const OUTER_WEIGHT = 2;
const INNER_WEIGHT = 1;

/** Subjects of an article as its journal lists them, outermost first, without what only tells the kind of article. */
export function subjectsOf(meta: Element | null): string[] {
  return [...new Set(subjectElements(meta).map(textOf))].filter((name) => name && !ARTICLE_KIND.test(name));
}

/**
 * The discipline that most of an article's subjects and its journal's title name, outer subjects and the title counting
 * twice; of equal ones the first; `null` where they name none.
 */
export function disciplineOf(front: Element | null): Discipline | null {
  const votes = new Map<Discipline, number>();
  const vote = (text: string, weight: number) => {
    const field = FIELDS.find(([, words]) => words.test(text))?.[0];
    if (field) votes.set(field, (votes.get(field) ?? 0) + weight);
  };
  for (const subject of subjectElements(childAt(front, "article-meta"))) {
    const isOuter = subject.parent?.parent?.name === "article-categories";
    if (!ARTICLE_KIND.test(textOf(subject))) vote(textOf(subject), isOuter ? OUTER_WEIGHT : INNER_WEIGHT);
  }
  const journal = childAt(front, "journal-meta");
  const title = childAt(journal, "journal-title-group", "journal-title") ?? childAt(journal, "journal-title");
  if (title) vote(textOf(title), JOURNAL_WEIGHT);
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function subjectElements(meta: Element | null): Element[] {
  const categories = childAt(meta, "article-categories");
  if (!categories) return [];
  return childrenOf(categories, "subj-group")
    .filter((group) => attribute(group, "subj-group-type") !== "display-channel")
    .flatMap((group) => [...descendants(group)].filter(({ name }) => name === "subject"));
}

const textOf = (element: Element) => rawText(element).replace(/\s+/g, " ").trim();
