import { Braced } from "../markup/scan.js";

/** How a statement that sets something up ends: its arguments in order, `*` where one may stand, `[` optional ones. */
const SHAPES: Record<string, string> = {
  newcommand: "*c[[{",
  renewcommand: "*c[[{",
  providecommand: "*c[[{",
  DeclareRobustCommand: "*c[[{",
  newcommandx: "*c[[{",
  newenvironment: "*{[[{{",
  renewenvironment: "*{[[{{",
  NewDocumentCommand: "c{{",
  RenewDocumentCommand: "c{{",
  DeclareMathOperator: "*c{",
  DeclarePairedDelimiter: "c{{",
  def: "cp{",
  gdef: "cp{",
  edef: "cp{",
  xdef: "cp{",
  let: "c=c",
  newif: "c",
  newlength: "c",
  newsavebox: "c",
  newcounter: "{[",
  newdimen: "c",
  setlength: "c{",
  addtolength: "c{",
  setcounter: "{{",
  sbox: "c{",
  savebox: "c[[{",
  newcolumntype: "{[[{",
  definecolor: "[{{{",
  providecolor: "[{{{",
  colorlet: "[{[{",
  tikzset: "{",
  tikzstyle: "{=[",
  usetikzlibrary: "{",
  usepgfplotslibrary: "{",
  usepgflibrary: "{",
  pgfplotsset: "{",
  pgfplotscreateplotcyclelist: "{{",
  pgfkeys: "{",
  pgfdeclarelayer: "{",
  pgfsetlayers: "{",
  pgfmathsetmacro: "c{",
  pgfmathdeclarefunction: "{{{",
  pgfplotstableread: "[{c",
  pgfdeclareimage: "[{{",
  graphicspath: "{",
  DeclareGraphicsExtensions: "{",
  DeclareUnicodeCharacter: "{{",
  sisetup: "{",
  lstset: "{",
  lstdefinestyle: "{{",
  psset: "{",
  newpsobject: "{{{",
  newrgbcolor: "{{",
  usetikztiminglibrary: "{",
  tcbset: "{",
  tcbuselibrary: "{",
  makeatletter: "",
  makeatother: "",
};

/** Statements that stand in a preamble only. */
const PREAMBLE_SHAPES: Record<string, string> = { usepackage: "[{[", RequirePackage: "[{[", input: "{" };

/** Packages that pdfTeX cannot run, or that need other programs. */
const OTHER_ENGINES =
  /^(?:fontspec|unicode-math|polyglossia|xeCJK|luacode|luatexja|mathspec|xltxtra|xunicode|minted|pythontex|svg|auto-pst-pdf|pstool)$/;

/** Characters that one statement may be long. */
const MAX_STATEMENT = 50_000;

/** Characters of all statements of a file. */
const MAX_STATEMENTS = 300_000;

export interface Statement {
  at: number;
  text: string;
}

/**
 * The statements in LaTeX source that define or set up something for later (macros, colours, styles of drawings,
 * lengths), each with its arguments, in order; what they stand between is left out.
 */
export function setupStatements(source: Braced, from: number, to: number, preamble = false): Statement[] {
  const shapes = preamble ? { ...SHAPES, ...PREAMBLE_SHAPES } : SHAPES;
  const statements: Statement[] = [];
  const command = /\\([A-Za-z]+)|%[^\n]*|\\[^]/g;
  command.lastIndex = from;
  let length = 0;
  for (let hit = command.exec(source.text); hit && hit.index < to; hit = command.exec(source.text)) {
    const name = hit[1];
    const shape = name === undefined ? undefined : shapes[name];
    if (shape === undefined) continue;
    const end = endOf(source, command.lastIndex, shape);
    if (end === null || end > to || end - hit.index > MAX_STATEMENT) continue;
    length += end - hit.index;
    if (length > MAX_STATEMENTS) break;
    statements.push({ at: hit.index, text: mild(source.text.slice(hit.index, end)) });
    command.lastIndex = end;
  }
  return statements;
}

/** Where a statement ends whose arguments have this shape; `null` where it is written in another way. */
function endOf(source: Braced, start: number, shape: string): number | null {
  let at = start;
  for (const part of shape) {
    const next =
      part === "{"
        ? source.group(at)?.next
        : part === "["
          ? (source.optional(at)?.next ?? at)
          : part === "c"
            ? (source.group(at) ?? source.argument(at))?.next
            : part === "p"
              ? openingBrace(source.text, at)
              : (matchAt(source.text, part === "*" ? /\s*\*/y : /\s*=/y, at) ?? at);
    if (next === undefined) return null;
    at = next;
  }
  return at;
}

/** Behind the parameters of a `\def`. */
function openingBrace(text: string, at: number): number | undefined {
  const offset = text.slice(at, at + 200).indexOf("{");
  return offset < 0 ? undefined : at + offset;
}

function matchAt(text: string, pattern: RegExp, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

/** What is defined twice is no error; packages for other engines are left out. */
function mild(statement: string): string {
  const packages = /^\\(?:usepackage|RequirePackage)\s*(\[[^]*?\])?\s*\{([^{}]*)\}/.exec(statement);
  if (packages) {
    const kept = packages[2]!
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name && !OTHER_ENGINES.test(name));
    return kept.length ? `\\usepackage${packages[1] ?? ""}{${kept.join(",")}}` : "";
  }
  return statement.replace(/^\\newcommand\b/, "\\providecommand");
}
