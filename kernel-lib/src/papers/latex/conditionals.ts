import { controlAt, skipComment } from "../markup/scan.js";

/** Commands that begin with `\if` and close with no `\fi`. */
const NO_CONDITIONALS = new Set(
  (
    "iff ifthenelse iftoggle ifbool ifdef ifundef ifcsdef ifcsundef ifstrequal ifstrempty ifblank ifboolexpr ifdefempty ifnumcomp " +
    "ifnumequal ifdefstring iflanguage ifoot ifthispageodd ifpackageloaded IfFileExists"
  ).split(" "),
);

export function isConditional(name: string): boolean {
  return name.startsWith("if") && !NO_CONDITIONALS.has(name);
}

/** Where a skipped branch ends. */
export interface BranchEnd {
  /** What ended it; `null` where the text did. */
  by: "else" | "fi" | null;
  next: number;
}

const BACKSLASH_OR_COMMENT = /[\\%]/g;

/** Skips the branch that begins at `at`, with the conditionals inside it. */
export function skipBranch(text: string, at: number, stopAtElse: boolean): BranchEnd {
  let depth = 0;
  BACKSLASH_OR_COMMENT.lastIndex = at;
  for (let hit = BACKSLASH_OR_COMMENT.exec(text); hit; hit = BACKSLASH_OR_COMMENT.exec(text)) {
    if (hit[0] === "%") {
      BACKSLASH_OR_COMMENT.lastIndex = skipComment(text, hit.index);
      continue;
    }
    const control = controlAt(text, hit.index);
    const next = hit.index + Math.max(1, control.length);
    BACKSLASH_OR_COMMENT.lastIndex = next;
    const name = control.slice(1);
    if (name === "newif") BACKSLASH_OR_COMMENT.lastIndex = next + controlAt(text, next).length;
    else if (name === "fi") {
      if (depth-- === 0) return { by: "fi", next };
    } else if (name === "else" && depth === 0 && stopAtElse) return { by: "else", next };
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

/** Where the test of the conditional `\if…` at `at` (behind its name) ends, and whether it holds. Unknown tests fail. */
export function evaluate(
  name: string,
  text: string,
  at: number,
  facts: Facts,
): { holds: boolean; next: number } {
  const rest = text.slice(at, at + 200);
  const past = (match: RegExpExecArray | null, holds: boolean) => ({
    holds: match !== null && holds,
    next: at + (match?.[0].length ?? 0),
  });
  switch (name) {
    case "iftrue":
    case "ifpdf":
    case "ifPDFTeX":
    case "ifpdftex":
      return { holds: true, next: at };
    case "ifdefined": {
      const match = /^\s*\\([A-Za-z@]+|.)/.exec(rest);
      return past(match, facts.defined(match?.[1] ?? ""));
    }
    case "ifcsname": {
      const match = /^(.*?)\\endcsname/s.exec(rest);
      return past(match, facts.defined(match?.[1]?.trim() ?? ""));
    }
    case "ifx": {
      const match = /^\s*(\\[A-Za-z@]+|\S)\s*(\\[A-Za-z@]+|\S)/.exec(rest);
      return past(match, sameMeaning(match?.[1] ?? "", match?.[2] ?? "", facts));
    }
    case "ifnum": {
      const match = /^\s*(-?\d+|\\[A-Za-z@]+)\s*([<>=])\s*(-?\d+|\\[A-Za-z@]+) ?/.exec(rest);
      const value = (side: string) => Number(side.startsWith("\\") ? facts.meaning(side.slice(1)) : side);
      return past(match, match !== null && compare(value(match[1]!), match[2]!, value(match[3]!)));
    }
    default:
      return { holds: facts.flag(name.slice(2)), next: at };
  }
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
  const numbers = /^\s*(-?\d+)\s*([<>=])\s*(-?\d+)\s*$/.exec(test);
  return numbers !== null && compare(Number(numbers[1]), numbers[2]!, Number(numbers[3]));
}
