import type { Argument, Braced } from "../markup/scan.js";
import type { Control } from "./structure.js";

/** Commands with one file as their mandatory argument. */
const ONE_FILE = new Set(
  "includegraphics includesvg plotone epsfbox epsffile epsfile includestandalone pgfimage adjincludegraphics pgfuseimage adjustimage includepdf plotfiddle figurebox incgraph includeinkscape tcbincludegraphics epsffig includegraphicx graphics psboxto".split(
    " ",
  ),
);
/** Commands with keys of which one is the file. */
const KEYED = new Set(["psfig", "epsfig", "psfigure"]);
/** AASTeX: `\fig{file}{width}{caption}`. */
export const AASTEX = new Set(["fig", "leftfig", "rightfig", "boxedfig", "rotatefig"]);

/** The picture files that a control sequence names, as written there. */
export function namedFiles(source: Braced, { name, next, begins }: Control, aastex: boolean): string[] {
  const overpic = begins !== null && /^[oO]verpic\*?$/.test(begins.name);
  if (name === "figcaption") return fileNames(valueOf(source, source.optional(next)));
  const one = ONE_FILE.has(name) || overpic || (aastex && AASTEX.has(name));
  if (!one && !KEYED.has(name) && name !== "plottwo" && name !== "special" && name !== "animategraphics")
    return [];
  const first = fileArgument(source, overpic ? begins.bodyStart : next);
  if (!first) return bareName(source.text, name, next);
  const value = source.slice(first);
  const then = (count: number) => {
    let argument: Argument | null = first;
    for (let i = 0; i < count && argument; i++) argument = source.group(argument.next);
    return valueOf(source, argument);
  };
  if (one) return fileNames(value);
  if (name === "plottwo") return [...fileNames(value), ...fileNames(then(1))];
  // Of an animation its first frame: what is printed.
  if (name === "animategraphics") return fileNames(then(1) + then(2));
  const key =
    name === "special" ? /(?:psfile|PSfile)\s*=\s*"?([^\s"]+)/ : /(?:^|,)\s*(?:file|figure)\s*=\s*([^,}]+)/;
  return fileNames(key.exec(value)?.[1] ?? "");
}

/** The first mandatory argument, behind a star, an overlay and options. */
function fileArgument(source: Braced, next: number): Argument | null {
  const start = next + (/^\*?(?:<[^<>]{0,40}>)?/.exec(source.text.slice(next, next + 50))?.[0].length ?? 0);
  let after = start;
  for (let option = source.optional(after); option; option = source.optional(after)) after = option.next;
  return source.group(after);
}

/** Plain TeX: `\epsffile name`. */
function bareName(text: string, name: string, next: number): string[] {
  if (name !== "epsffile" && name !== "epsfbox") return [];
  return fileNames(/^\s*(?:\[[^\]]*\]\s*)?([^\s\\{}[\]]+)/.exec(text.slice(next, next + 200))?.[1] ?? "");
}

function valueOf(source: Braced, argument: Argument | null): string {
  return argument ? source.slice(argument) : "";
}

/** A file name without the braces and quotes round it; none where a command is left in it. */
function fileNames(value: string): string[] {
  const name = value
    .replace(/\\(?:detokenize|string|unexpanded)\b/g, "")
    .replace(/[{}"]/g, "")
    .replace(/\\([_#&%~])/g, "$1")
    .replace(/\\space\b/g, " ")
    .trim();
  const unread = name.replaceAll("\\jobname", "");
  return name && !unread.includes("\\") && !unread.includes("#") && name.length < 500 ? [name] : [];
}
