import { evaluateIfThenElse, type Facts } from "./conditionals.js";
import { NO_VALUE } from "./definitions.js";
import { controlAt, skipSpace, type Braced } from "../markup/scan.js";

/** Commands that set a flag named by their argument. */
const FLAGS = new Set(
  "newif newbool newtoggle newboolean providebool toggletrue togglefalse booltrue boolfalse setbool setboolean settoggle".split(
    " ",
  ),
);

/** Commands that take both branches as arguments. */
export const CHOICES = new Set(
  "ifthenelse iftoggle ifbool IfFileExists @ifundefined ifundef ifdef IfBooleanTF IfNoValueTF IfValueTF".split(
    " ",
  ),
);

/** Notes the flag that a command at `next` (behind its name) sets; gives where reading goes on, `null` for other commands. */
export function setFlag(
  flags: Map<string, boolean>,
  source: Braced,
  name: string,
  next: number,
): number | null {
  if (name === "newif") return next + controlAt(source.text, skipSpace(source.text, next)).length;
  if (!FLAGS.has(name)) {
    const assigned = /^([a-zA-Z@]+)(true|false)$/.exec(name);
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

/** Whether the first branch of one of the {@link CHOICES} is taken. */
export function choose(name: string, asked: string, facts: Facts, fileExists: () => boolean): boolean {
  if (name === "ifthenelse") return evaluateIfThenElse(asked, facts);
  if (name === "IfFileExists") return fileExists();
  if (name === "@ifundefined" || name === "ifundef") return !facts.defined(asked.replace(/^\\/, ""));
  if (name === "ifdef") return facts.defined(asked.replace(/^\\/, ""));
  if (name === "IfBooleanTF") return asked === "*";
  if (name.endsWith("ValueTF")) return (asked === NO_VALUE) === (name === "IfNoValueTF");
  return facts.flag(asked);
}
