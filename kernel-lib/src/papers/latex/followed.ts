import { isAcronymCommand } from "./acronyms.js";
import { isConditional } from "./conditionals.js";
import { isDefinition } from "./definitions.js";
import { CHOICES, isFlagCommand } from "./flags.js";
import { isFloatSide } from "./float-commands.js";
import { isInput } from "./inputs.js";
import { INLINE_CODE } from "./verbatim.js";

/** Commands without any effect on what is read. */
export const DROPPED = new Set(
  "makeatletter makeatother protect cprotect global long outer relax expandafter begingroup endgroup leavevmode noindent ignorespaces unskip".split(
    " ",
  ),
);
const OTHERS = new Set(
  "begin end else or fi foreach endinput excludecomment includecomment usepackage RequirePackage".split(" "),
);

/** Whether a command of LaTeX's own is followed when a paper is unfolded; all others are left where they stand. */
export function isFollowed(name: string): boolean {
  return (
    OTHERS.has(name) ||
    DROPPED.has(name) ||
    INLINE_CODE.has(name) ||
    CHOICES.has(name) ||
    isDefinition(name) ||
    isConditional(name) ||
    isInput(name) ||
    isFlagCommand(name) ||
    isFloatSide(name) ||
    isAcronymCommand(name) ||
    // harvmac's \ifig and \xfig.
    name.endsWith("fig")
  );
}
