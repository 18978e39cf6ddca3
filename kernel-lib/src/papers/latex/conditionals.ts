import { behindControl, skipComment } from "../markup/scan.js";

/** Commands that begin with `\if` and close with no `\fi`. */
const NO_CONDITIONALS = new Set(
  (
    "iff ifthenelse iftoggle ifbool ifdef ifundef ifcsdef ifcsundef ifstrequal ifstrempty ifblank ifboolexpr ifdefempty ifnumcomp " +
    "ifnumequal ifnumless ifnumgreater ifnumodd ifdefstring ifdefequal ifdimcomp ifcsempty ifcsstring ifinlist ifdefvoid ifdefmacro " +
    "iflanguage ifoot ifthispageodd ifpackageloaded IfFileExists ifstar ifnextchar ifpackagelater ifclassloaded ifstrmatch"
  ).split(" "),
);

export function isConditional(name: string): boolean {
  return name.startsWith("if") && !NO_CONDITIONALS.has(name);
}

/** Where a skipped branch ends. */
export interface BranchEnd {
  /** What ended it; `null` where the text did. */
  by: "else" | "or" | "fi" | null;
  next: number;
}

const BACKSLASH_OR_COMMENT = /[\\%]/g;

/** Skips the branch that begins at `at`, with the conditionals inside it, up to its `\fi` or, if told so, its `\else` or `\or`. */
export function skipBranch(text: string, at: number, stopAt: readonly ("else" | "or")[]): BranchEnd {
  let depth = 0;
  BACKSLASH_OR_COMMENT.lastIndex = at;
  for (let hit = BACKSLASH_OR_COMMENT.exec(text); hit; hit = BACKSLASH_OR_COMMENT.exec(text)) {
    if (hit[0] === "%") {
      BACKSLASH_OR_COMMENT.lastIndex = skipComment(text, hit.index);
      continue;
    }
    const next = behindControl(text, hit.index);
    BACKSLASH_OR_COMMENT.lastIndex = next;
    const name = text.slice(hit.index + 1, next);
    if (name === "newif") BACKSLASH_OR_COMMENT.lastIndex = behindControl(text, next);
    else if (name === "fi") {
      if (depth-- === 0) return { by: "fi", next };
    } else if ((name === "else" || name === "or") && depth === 0 && stopAt.includes(name))
      return { by: name, next };
    else if (isConditional(name)) depth++;
  }
  return { by: null, next: text.length };
}

/** What the conditions of a paper can ask for. */
export interface Facts {
  flag(name: string): boolean;
  defined(name: string): boolean;
  meaning(name: string): string | undefined;
}

/** What a test says: whether the first branch is read, or which of several, and where the test ends. */
export interface Test {
  holds: boolean;
  /** `\ifcase`: which branch, from 0. */
  branch: number | null;
  next: number;
}

const NUMBER = String.raw`-?\d+|\\value\s*\{[^{}]*\}|\\(?:c@)?[A-Za-z@]+`;
const LENGTH = String.raw`-?[\d.]*\s*(?:pt|cm|mm|in|em|ex|bp|\\(?:wd|ht|dp)\s*(?:\d+|\\[A-Za-z@]+)|\\[A-Za-z@]+)`;
const TESTS: Record<string, RegExp> = {
  ifdefined: /^\s*\\([A-Za-z@]+|.)/,
  ifcsname: /^(.*?)\\endcsname/s,
  ifx: /^\s*(\\[A-Za-z@]+|\S)\s*(\\[A-Za-z@]+|\S)/,
  if: /^\s*(\\[A-Za-z@]+\s*|[^])(\\[A-Za-z@]+|[^])/,
  ifnum: new RegExp(String.raw`^\s*(${NUMBER})\s*([<>=])\s*(${NUMBER}) ?`),
  ifdim: new RegExp(String.raw`^\s*(${LENGTH})\s*([<>=])\s*(${LENGTH}) ?`),
  ifodd: new RegExp(String.raw`^\s*(${NUMBER}) ?`),
  ifcase: new RegExp(String.raw`^\s*(${NUMBER}) ?`),
  ifcat: /^\s*(\\[A-Za-z@]+\s*|[^])(\\[A-Za-z@]+|[^])/,
  ifvoid: /^\s*(\\[A-Za-z@]+|\d+)/,
  ifhbox: /^\s*(\\[A-Za-z@]+|\d+)/,
  ifvbox: /^\s*(\\[A-Za-z@]+|\d+)/,
  ifeof: /^\s*(\\[A-Za-z@]+|\d+)/,
};

/** Where the test of the conditional `\if…` at `at` (behind its name) ends, and what it says. Unknown tests fail. */
export function evaluate(name: string, text: string, at: number, facts: Facts): Test {
  const match = TESTS[name]?.exec(text.slice(at, at + 200)) ?? null;
  const next = at + (match?.[0].length ?? 0);
  const [, first = "", second = "", third = ""] = match ?? [];
  const number = (side: string) => {
    const macro = /^\\([A-Za-z@]+)$/.exec(side)?.[1];
    return Number(macro === undefined ? side : facts.meaning(macro));
  };
  if (name === "ifcase") {
    const value = number(first);
    return { holds: true, branch: Number.isInteger(value) ? value : 0, next };
  }
  return { holds: holds(), branch: null, next };

  function holds(): boolean {
    switch (name) {
      case "iftrue":
      case "ifpdf":
      case "ifPDFTeX":
      case "ifpdftex":
        return true;
      case "ifdefined":
      case "ifcsname":
        return match !== null && facts.defined(first.trim());
      case "ifx":
        return match !== null && sameMeaning(first, second, facts);
      case "if":
        return match !== null && firstCharacter(first, facts) === firstCharacter(second, facts);
      case "ifnum":
        return match !== null && compare(number(first), second, number(third));
      case "ifodd":
        return Math.abs(number(first)) % 2 === 1;
      default:
        return !(name in TESTS) && facts.flag(name.slice(2));
    }
  }
}

function firstCharacter(token: string, facts: Facts): string {
  const macro = /^\\([A-Za-z@]+)/.exec(token)?.[1];
  return macro === undefined ? token : (facts.meaning(macro)?.[0] ?? token);
}

function sameMeaning(a: string, b: string, facts: Facts): boolean {
  if (a === b) return true;
  const undefinedName = "\\undefined";
  if (a === undefinedName || b === undefinedName)
    return !facts.defined((a === undefinedName ? b : a).slice(1));
  const meaning = facts.meaning(a.slice(1));
  return meaning !== undefined && meaning === facts.meaning(b.slice(1));
}

function compare(a: number, sign: string, b: number): boolean {
  return sign === "<" ? a < b : sign === ">" ? a > b : a === b;
}

/** The test of `\ifthenelse`. */
export function evaluateIfThenElse(test: string, facts: Facts): boolean {
  const negated = /^\s*\\(?:NOT|not)\b/.exec(test);
  if (negated) return !evaluateIfThenElse(test.slice(negated[0].length), facts);
  const flag = /^\s*\\boolean\s*\{([^}]*)\}\s*$/.exec(test);
  if (flag) return facts.flag(flag[1]!.trim());
  const equal = /^\s*\\equal\s*\{([^}]*)\}\s*\{([^}]*)\}\s*$/.exec(test);
  if (equal) {
    const value = (side: string) => facts.meaning(side.trim().replace(/^\\/, "")) ?? side.trim();
    return value(equal[1]!) === value(equal[2]!);
  }
  const undefinedTest = /^\s*\\isundefined\s*\{?\s*\\([A-Za-z@]+)/.exec(test);
  if (undefinedTest) return !facts.defined(undefinedTest[1]!);
  const numbers = /^\s*(-?\d+|\\[A-Za-z@]+)\s*([<>=])\s*(-?\d+|\\[A-Za-z@]+)\s*$/.exec(test);
  const value = (side: string) => Number(side.startsWith("\\") ? facts.meaning(side.slice(1)) : side);
  return numbers !== null && compare(value(numbers[1]!), numbers[2]!, value(numbers[3]!));
}
