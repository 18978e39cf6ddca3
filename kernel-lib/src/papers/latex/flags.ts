import { behindControl, skipSpace, type Braced } from "../markup/scan.js";
import { evaluateIfThenElse, type Facts } from "./conditionals.js";
import { NO_VALUE } from "./definitions.js";

/** Commands that set a flag named by their argument. */
const FLAGS = new Set(
  "newif newbool newtoggle newboolean providebool toggletrue togglefalse booltrue boolfalse setbool setboolean settoggle".split(
    " ",
  ),
);

const ASSIGNMENT = /^([a-zA-Z@]+)(true|false)$/;

/** Whether a command declares or sets a flag. */
export function isFlagCommand(name: string): boolean {
  return FLAGS.has(name) || ASSIGNMENT.test(name);
}

/** Notes the flag that a command at `next` (behind its name) sets; gives where reading goes on, `null` for other commands. */
export function setFlag(
  flags: Map<string, boolean>,
  source: Braced,
  name: string,
  next: number,
): number | null {
  if (name === "newif") return behindControl(source.text, skipSpace(source.text, next));
  if (!FLAGS.has(name)) {
    const assigned = ASSIGNMENT.exec(name);
    if (assigned) flags.set(assigned[1]!, assigned[2] === "true");
    return assigned ? next : null;
  }
  const argument = source.group(next);
  if (!argument) return next;
  const value = /^set/.test(name) ? source.group(argument.next) : null;
  flags.set(
    source.slice(argument).trim(),
    value ? source.slice(value).trim() === "true" : name.endsWith("true"),
  );
  return (value ?? argument).next;
}

/** A command that takes its test and both branches (or the one that it has) as arguments. */
export interface Choice {
  /** Arguments that the test has. */
  asks: number;
  /** Which branches follow: for the test that holds, and for the one that does not. */
  branches: "both" | "yes" | "no";
}

const both = (asks: number): Choice => ({ asks, branches: "both" });

/** Commands that choose between arguments. */
export const CHOICES: ReadonlyMap<string, Choice> = new Map<string, Choice>([
  ...(
    "ifthenelse iftoggle ifbool IfFileExists @ifundefined ifundef ifdef ifcsdef ifcsundef IfBooleanTF IfNoValueTF " +
    "IfValueTF ifstrempty ifblank ifdefempty ifdefvoid IfBlankTF @ifpackageloaded @ifclassloaded"
  )
    .split(" ")
    .map((name) => [name, both(1)] as const),
  ["ifstrequal", both(2)],
  ["ifdefstring", both(2)],
  ["ifdefequal", both(2)],
  ["ifnumequal", both(2)],
  ["ifnumcomp", both(3)],
  ["notblank", both(1)],
  ["IfBooleanT", { asks: 1, branches: "yes" }],
  ["IfValueT", { asks: 1, branches: "yes" }],
  ["IfNoValueT", { asks: 1, branches: "yes" }],
  ["IfBooleanF", { asks: 1, branches: "no" }],
  ["IfValueF", { asks: 1, branches: "no" }],
  ["IfNoValueF", { asks: 1, branches: "no" }],
]);

/** Whether the test of one of the {@link CHOICES} holds, given the arguments of the test. */
export function choose(
  name: string,
  asked: readonly string[],
  facts: Facts,
  fileExists: () => boolean,
): boolean {
  const [first = "", second = "", third = ""] = asked;
  const macro = first.replace(/^\\/, "");
  const value = (side: string) => Number(side.startsWith("\\") ? facts.meaning(side.slice(1)) : side);
  if (name === "ifthenelse") return evaluateIfThenElse(first, facts);
  if (name === "IfFileExists") return fileExists();
  if (/^(?:@ifundefined|ifundef|ifcsundef)$/.test(name)) return !facts.defined(macro);
  if (name === "ifdef" || name === "ifcsdef") return facts.defined(macro);
  if (/^IfBoolean/.test(name)) return first === "*";
  if (/^IfNoValue/.test(name)) return first === NO_VALUE;
  if (/^IfValue/.test(name)) return first !== NO_VALUE;
  if (/^(?:ifstrempty|ifblank|IfBlankTF)$/.test(name)) return first === "";
  if (name === "notblank") return first !== "";
  if (/^ifdef(?:empty|void)$/.test(name)) return !facts.meaning(macro);
  if (name === "ifstrequal") return first === second;
  if (name === "ifdefstring") return facts.meaning(macro) === second;
  if (name === "ifdefequal") return facts.meaning(macro) === facts.meaning(second.replace(/^\\/, ""));
  if (name === "ifnumequal") return value(first) === value(second);
  if (name === "ifnumcomp")
    return second === "<"
      ? value(first) < value(third)
      : second === ">"
        ? value(first) > value(third)
        : value(first) === value(third);
  return facts.flag(first);
}
