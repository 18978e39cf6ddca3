/** Which lines begin a caption, told from sentences that only speak of a figure. */
import { sharedX, sharedY, width } from "./boxes.js";
import { mainRun, type Layout, type PageLayout } from "./layout.js";
import type { Line, Run } from "./page.js";

export interface CaptionStart {
  float: "figure" | "table";
  /** As printed: `3`, `A.2`, `S1`, `II`. */
  number: string;
  /** `Supplementary`, `Extended Data`: such figures are numbered apart. Lower case, empty for most. */
  series: string;
  page: PageLayout;
  line: Line;
  /** Length of the label (`Figure 3:`) in the line's text. */
  labelLength: number;
  /** It says that it goes on with a float that began on an earlier page. */
  continues: boolean;
  /** How much speaks for a caption; 2 and more is sound. */
  score: number;
}

const SERIES =
  "supplementary|supplemental|supporting|extended data|appendix|additional|online|web|s\\.?i\\.?";
const FIGURE = "f\\s?igures?|f\\s?ig|schemes?|charts?|plates?|abbildung|abb|figura|рисунок|рис|図|图";
const TABLE = "t\\s?ables?|t\\s?ab|tabelle|tableau|tabla|tabela|таблица|табл|表";
const NUMBER =
  "(?:[A-Z]{1,2}[.\\-–]?\\s?)?\\d+(?:[.\\-–]\\d+)*[a-z]?(?![\\p{L}\\d])|[IVXLC]+(?:[.\\-]\\d+)?(?!\\p{L})|[A-Z](?=[.:])";
const LABEL = new RegExp(
  `^((?:${SERIES})\\s+)?(${FIGURE}|${TABLE})(?:\\.|(?!\\p{L}))\\s*(${NUMBER})\\s*([.:|–—‖]*)`,
  "iu",
);
const IS_TABLE = new RegExp(`^(?:${TABLE})$`, "iu");

/** Words that go on after `Figure 3` in a sentence. */
const SENTENCE =
  /^(?:\(?[a-z]\)?\s+)?(?:(?:and|or|to|in|of|for|as|is|are|was|were|we|it|the|that|which|where|also|can|has|have|shows?|showed|presents?|presented|illustrates?|depicts?|displays?|demonstrates?|gives?|compares?|plots?|reports?|summari[sz]es?|lists?|provides?|contains?|describes?|indicates?|reveals?|highlights?|suggests?|confirms?|visuali[sz]es?|below|above|left|right|top|bottom|panels?)\b|[,;)])/;

const CONTINUED =
  /^[([]?\s*(?:continued|cont['’.]?d?\.?[)\]]|continuation)|[([]cont(?:inued|['’]?d|\.)[^)\]]*[)\]]\.?$/i;

/**
 * The captions of a paper in its order, each number once a series; a number that two lines claim goes to the better one,
 * unless both are as sound as can be (the supplement that is bound with its paper).
 */
export function findCaptionStarts(layout: Layout): CaptionStart[] {
  const found: CaptionStart[] = [];
  for (const page of layout.pages)
    for (const line of page.lines) {
      const start = captionStart(line, page, layout);
      if (start) found.push(start);
    }
  return unique(withHabit(found)).filter(({ score }) => score >= 2);
}

function captionStart(line: Line, page: PageLayout, layout: Layout): CaptionStart | undefined {
  const match = LABEL.exec(line.text);
  if (!match) return;
  const [label, series = "", word, number, mark] = match as unknown as [
    string,
    string?,
    string?,
    string?,
    string?,
  ];
  if (!/^[\p{Lu}\p{Lo}]/u.test(label)) return;
  const rest = line.text.slice(label.length).trim();
  if (/(?:\.\s?){4,}\s*\d*$/.test(rest)) return; // a line of a list of figures
  const score =
    markScore(mark!, rest) +
    styleScore(line, label.length, layout) +
    placeScore(line, page) +
    restScore(mark!, rest, line.text.charAt(label.length));
  return {
    float: IS_TABLE.test(word!) ? "table" : "figure",
    number: number!.replace(/\s/g, ""),
    series: series.trim().toLowerCase(),
    page,
    line,
    labelLength: label.length,
    continues: CONTINUED.test(rest),
    score,
  };
}

function markScore(mark: string, rest: string): number {
  if (/[:|–—‖]/.test(mark)) return 2;
  if (mark.startsWith(".")) return 1.2;
  return rest === "" ? 0.8 : 0;
}

/** A label set apart from its caption, or a caption set apart from the body. */
function styleScore(line: Line, labelLength: number, { bodySize, bodyFont }: Layout): number {
  const first = line.runs[0]!;
  const main = mainRun(line);
  let score = 0;
  const labelEnds = first.text.trim().length <= labelLength + 1;
  if (first.bold || (labelEnds && (first.italic || first.font !== bodyFont))) score += 1.5;
  else if (first.font !== bodyFont) score += 0.8;
  if (main.size < bodySize - 0.4) score += 1;
  return score;
}

/** A caption begins a block of its own; a sentence mostly stands in the middle of one. */
function placeScore(line: Line, { lines, prose }: PageLayout): number {
  const { size } = mainRun(line);
  const above = lines.filter(
    (other) =>
      other !== line &&
      other.box[1] < line.box[1] &&
      sharedX(other.box, line.box) > Math.min(width(other.box), width(line.box)) * 0.3 &&
      -sharedY(other.box, line.box) < size * 0.7,
  );
  if (above.length === 0) return 1;
  const goesOn = above.some((other) => prose.has(other) && sameType(mainRun(other), mainRun(line)));
  return goesOn ? -2 : 0;
}

const sameType = (a: Run, b: Run) => Math.abs(a.size - b.size) < 0.3;

function restScore(mark: string, rest: string, next: string): number {
  if (/^[,;)]/.test(rest) || (next === "(" && mark === "")) return -3;
  if (mark === "") {
    if (SENTENCE.test(rest)) return -3;
    if (/^\p{Ll}/u.test(rest)) return -1;
    return rest === "" ? 0.5 : 0.8;
  }
  return SENTENCE.test(rest) && /^[a-z]/.test(rest) && mark === "." ? -1 : 0.3;
}

/** Captions of a paper are all set alike: what most of them look like speaks for the others, and against what differs. */
function withHabit(starts: readonly CaptionStart[]): CaptionStart[] {
  const look = ({ float, line, labelLength, page: _page }: CaptionStart) => {
    const label = line.text.slice(0, labelLength);
    const word = /^\P{N}*?(?=[\s.~]*(?:[A-Z]*[.-]?\d|[IVXLC]+\b))/u.exec(label)?.[0] ?? label;
    const mark = /[:|–—‖]|\.\s*$/.exec(label)?.[0].trim() ?? "";
    return `${float} ${word.toLowerCase()} ${mark} ${line.runs[0]!.bold}`;
  };
  const weights = new Map<string, number>();
  const total = { figure: 0, table: 0 };
  for (const start of starts) {
    if (start.score < 2) continue;
    weights.set(look(start), (weights.get(look(start)) ?? 0) + start.score);
    total[start.float] += start.score;
  }
  return starts.map((start) => {
    const share = (weights.get(look(start)) ?? 0) / (total[start.float] || 1);
    const bonus = share > 0.5 ? 1 : share < 0.15 && total[start.float] > 8 ? -1 : 0;
    return { ...start, score: start.score + bonus };
  });
}

const SOUND = 4.5;

function unique(starts: readonly CaptionStart[]): CaptionStart[] {
  const kept: CaptionStart[] = [];
  const key = ({ float, series, number }: CaptionStart) => `${float} ${series} ${number}`;
  for (const start of starts) {
    const twin = kept.findIndex((other) => key(other) === key(start));
    if (twin < 0 || start.continues) kept.push(start);
    else if (start.score > kept[twin]!.score + 1) kept[twin] = start;
    else if (kept[twin]!.score <= start.score + 1 && start.score >= SOUND && kept[twin]!.score >= SOUND)
      kept.push(start);
  }
  return kept;
}
