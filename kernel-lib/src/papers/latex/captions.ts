import type { Braced } from "../markup/scan.js";
import { declaredFloat, isSubfloat, knownFloat, type FloatKind } from "./float-kinds.js";
import { around, type Control, type Environment, type Part, type Structure } from "./structure.js";

/** The caption of a figure or table, as a command of the paper gives it. */
export interface Caption {
  at: number;
  command: string;
  text: Part;
  kind: FloatKind | "other";
  /** Counter that numbers it. */
  counter: string;
  /** `\caption*`: it has no number. */
  starred: boolean;
  /** The number where the paper writes it itself, as plain TeX does. */
  written: string | null;
  /** The float that it stands in, `null` for a caption outside any. */
  float: Environment | null;
}

/** Commands whose float is a figure or table wherever they stand. */
const TYPED = new Map<string, FloatKind>([
  ...["figcaption", "fcaption", "FigCap"].map((name) => [name, "figure"] as const),
  ...["tabcaption", "tablecaption", "tbl", "processtable", "tcaption"].map(
    (name) => [name, "table"] as const,
  ),
]);
/** Environments that repeat their caption on every page. */
const PAGED = /^(?:longtable|supertabular|xtabular|mpxtabular)\*?$/;
/** Commands whose float is the environment round them. */
const UNTYPED = new Set([
  "caption",
  "captionabove",
  "captionbelow",
  "topcaption",
  "bottomcaption",
  "captionbox",
  "bicaption",
]);

/**
 * The captions of a document by the position of their commands: in floats, and outside where a command or setting says
 * what they belong to. Those of panels are not among them.
 */
export function findCaptions(source: Braced, structure: Structure): ReadonlyMap<number, Caption> {
  const found = new Map<number, Caption>();
  /** What `\captionsetup{type=…}` and `\@captype` say in an environment. */
  const settings = new Map<Environment | null, string>();
  /** Tables that break across pages: their second caption repeats the first on the next page. */
  const paged = new Set<Environment>();
  for (const control of structure.controls) {
    const { begins: begun } = control;
    const typed = begun && mayTypeCaption(begun) ? typedCaption(source, begun) : null;
    if (typed) found.set(typed.at, typed);
    const setting = captionType(source, control);
    if (setting !== null) settings.set(control.inside, setting);
    const caption = readCaption(source, control, settings);
    if (!caption || (caption.float && paged.has(caption.float))) continue;
    found.set(control.at, caption);
    if (caption.float && PAGED.test(caption.float.name)) paged.add(caption.float);
  }
  return found;
}

function captionType(source: Braced, { name, next }: Control): string | null {
  if (name === "captionsetup") {
    const options = source.group(next);
    return (options && /(?:^|,)\s*type\*?\s*=\s*\{?(\w+)/.exec(source.slice(options))?.[1]) ?? null;
  }
  if (name !== "renewcommand") return null;
  const target = source.argument(next);
  const body = target && source.slice(target) === "\\@captype" ? source.argument(target.next) : null;
  return body && source.slice(body).trim();
}

function readCaption(
  source: Braced,
  control: Control,
  settings: ReadonlyMap<Environment | null, string>,
): Caption | null {
  const { name, at } = control;
  let { next } = control;
  const given = name === "captionof";
  if (!given && !TYPED.has(name) && !UNTYPED.has(name)) return null;
  const starred = source.text[next] === "*";
  if (starred) next++;
  const type = given ? source.group(next) : null;
  const start = type?.next ?? next;
  const text = source.group(source.optional(start)?.next ?? start);
  if (!text || (given && !type)) return null;
  const { float, panel } = holder(control);
  if (panel && UNTYPED.has(name)) return null;
  const counter = type
    ? source.slice(type).trim()
    : (TYPED.get(name) ?? float?.float?.counter ?? settingAt(control, settings));
  if (counter === null) return null;
  const { kind } = knownFloat(counter) ?? declaredFloat(counter);
  return {
    at,
    command: name,
    text: { start: text.start, end: text.end },
    kind,
    counter,
    starred,
    written: null,
    float,
  };
}

/** Where captions are text: plain TeX has no command for them, and some papers use none. */
function mayTypeCaption(environment: Environment): boolean {
  return environment.float?.kind === "figure" && !environment.parent?.float;
}

/** What begins a line or group with "Fig. 3" in a float without captions, up to the end of the group or paragraph. */
function typedCaption(source: Braced, float: Environment): Caption | null {
  const body = source.text.slice(float.bodyStart, Math.min(float.bodyEnd, float.bodyStart + MAX_TYPED));
  const match = /\\(?:\w*caption|FigCap)/.test(body) ? null : TYPED_CAPTION.exec(body);
  if (!match) return null;
  const at = float.bodyStart + match.index;
  const start = at + match[0].length;
  let end = float.bodyStart + body.length;
  for (let i = start; i < end; i++) {
    const c = source.text[i]!;
    if (c === "\\") i++;
    else if (c === "{") i = Math.max(i, source.closing(i));
    else if (c === "}" && /^\}[\s.:]*[^\s}]/.test(source.text.slice(i, i + 12)) && i < start + 3) continue;
    else if (c === "}" || source.text.startsWith("\n\n", i)) end = i;
  }
  const kind = /^t/i.test(match[1]!) ? "table" : "figure";
  const text = { start, end };
  // The caption stands where its float begins, for it has no command.
  return {
    at: float.start,
    command: float.name,
    text,
    kind,
    counter: kind,
    starred: false,
    written: match[2]!,
    float,
  };
}

const MAX_TYPED = 20_000;
/** `Fig. 3:` at the beginning of a line or group, or behind a command. */
const TYPED_CAPTION =
  /(?<=[\n{}]\s{0,20}|\\[A-Za-z]{1,20}\s{1,20}|\\\\\s{0,20})(Fig(?:ure|\.)?|FIG(?:URE|\.)?|Table|TABLE)[\s.~]*(?:\\\s)?(\d{1,3}[a-z]?)\s*(?:[.:)}]+|---?|–|—)[.:)]*\s*/;

/** The float that a caption stands in, and whether a panel of that float holds it. */
function holder(control: Control): { float: Environment | null; panel: boolean } {
  let panel = false;
  for (const environment of around(control)) {
    if (environment.float) return { float: environment, panel };
    panel ||= isSubfloat(environment.name) || environment.name === "subfloatrow";
  }
  return { float: null, panel };
}

function settingAt(control: Control, settings: ReadonlyMap<Environment | null, string>): string | null {
  for (const environment of around(control)) if (settings.has(environment)) return settings.get(environment)!;
  return null;
}

/** A range of a float with the caption that belongs to it. */
export interface Share extends Part {
  caption: Caption | undefined;
}

/** Cuts a float with several captions into one part for each: above the pictures where the first caption stands above them. */
export function sharesOf(
  text: string,
  part: Part,
  captions: readonly Caption[],
  pictures: readonly number[],
): Share[] {
  if (captions.length < 2) return [{ start: part.start, end: part.end, caption: captions[0] }];
  const above = pictures.length > 0 && pictures.every((at) => captions[0]!.at < at);
  const ends = captions.map((caption, i) => {
    if (i === captions.length - 1) return part.end;
    return above ? captions[i + 1]!.at : behindLabels(text, caption.text.end);
  });
  return captions.map((caption, i) => ({
    start: i === 0 ? part.start : ends[i - 1]!,
    end: ends[i]!,
    caption,
  }));
}

/** Behind the labels that follow a caption. */
function behindLabels(text: string, captionEnd: number): number {
  const labels = /^\}\s*(?:\\label\s*\{[^{}]{0,200}\}\s*)*/.exec(text.slice(captionEnd, captionEnd + 1_000));
  return captionEnd + (labels?.[0].length ?? 0);
}
