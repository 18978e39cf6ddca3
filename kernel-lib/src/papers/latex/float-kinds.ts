/** Which environments are floats, and of which kind. */

export type FloatKind = "figure" | "table";

const FIGURES = new Set(
  "figure figure* wrapfigure wrapfigure* SCfigure SCfigure* sidewaysfigure sidewaysfigure* floatingfigure teaserfigure marginfigure figwindow turnfigure rotatefigure dfigure suppfigure extfigure scheme scheme* chart chart* plate plate* sidefigure widefigure fullwidthfigure mfigure efigure".split(
    " ",
  ),
);
const TABLES = new Set(
  "table table* wraptable SCtable SCtable* sidewaystable sidewaystable* longtable longtable* deluxetable deluxetable* margintable supertabular xtabular floatingtable longrotatetable rotatetable suptable".split(
    " ",
  ),
);
/** Floats that are neither: what stands in them is theirs. */
const OTHERS =
  /^(?:algorithm|algorithm2e|listing|program|lstlisting|codefloat|code|procedure|exampleenv)\*?$/;
const SUBFLOATS = /^sub(?:figure|table|captionblock|captiongroup|float)\*?$/;

export function floatKind(environment: string): FloatKind | null {
  return FIGURES.has(environment) ? "figure" : TABLES.has(environment) ? "table" : null;
}

export function isOtherFloat(environment: string): boolean {
  return OTHERS.test(environment);
}

export function isSubfloat(environment: string): boolean {
  return SUBFLOATS.test(environment);
}

/** Counter that numbers the captions of a float environment. */
export function counterOf(environment: string): string {
  const name = /^(scheme|chart|plate)/.exec(environment)?.[1];
  return name ?? floatKind(environment) ?? environment.replace("*", "");
}

export const SUBFLOAT_COMMANDS = new Set([
  "subfigure",
  "subfloat",
  "subcaptionbox",
  "subtable",
  "subbottom",
  "sidesubfloat",
]);
export const CAPTION_COMMANDS = new Set([
  "caption",
  "captionof",
  "figcaption",
  "tabcaption",
  "tablecaption",
  "topcaption",
  "bottomcaption",
  "tbl",
  "processtable",
]);
