/** Which environments are floats, and of which kind. */

export type FloatKind = "figure" | "table";

/** What an environment floats: a figure, a table, or something that is neither and keeps what stands in it. */
export interface FloatType {
  kind: FloatKind | "other";
  /** Counter of its captions. */
  counter: string;
}

const FIGURES =
  "figure wrapfigure SCfigure sidewaysfigure floatingfigure teaserfigure marginfigure figwindow turnfigure rotatefigure dfigure suppfigure extfigure sidefigure widefigure fullwidthfigure mfigure efigure fullpagefigure twocolfigure bigfigure longrotatefigure extendeddatafigure wideoverlayfigure figurehere wrapfloat";
const FIGURES_APART = "scheme chart plate";
const TABLES =
  "table wraptable SCtable sidewaystable longtable deluxetable margintable supertabular xtabular floatingtable longrotatetable rotatetable suptable mpxtabular widetable tablehere fullwidthtable";
const OTHERS = "algorithm algorithm2e listing program lstlisting codefloat code procedure exampleenv";

const KNOWN = new Map<string, FloatType>();
const know = (names: string, type: (name: string) => FloatType) => {
  for (const name of names.split(" "))
    for (const written of [name, `${name}*`]) KNOWN.set(written, type(name));
};
know(FIGURES, () => ({ kind: "figure", counter: "figure" }));
know(FIGURES_APART, (name) => ({ kind: "figure", counter: name }));
know(TABLES, () => ({ kind: "table", counter: "table" }));
know(OTHERS, (name) => ({ kind: "other", counter: name }));

const LIKE_CODE = /alg|code|listing|program|procedure|protocol|prompt|query|box|example|snippet|grammar/i;

/** Type of a float environment that LaTeX's packages and classes have; `null` for other environments. */
export function knownFloat(environment: string): FloatType | null {
  return KNOWN.get(environment) ?? null;
}

/** Type of a float that a paper declares under a name. */
export function declaredFloat(name: string): FloatType {
  const kind = LIKE_CODE.test(name) ? "other" : /tab/i.test(name) ? "table" : "figure";
  return { kind, counter: name };
}

const SUBFLOATS = /^sub(?:figure|table|captionblock|captiongroup|float)\*?$/;

export function isSubfloat(environment: string): boolean {
  return SUBFLOATS.test(environment);
}

export const SUBFLOAT_COMMANDS = new Set([
  "subfigure",
  "subfloat",
  "subcaptionbox",
  "subtable",
  "subbottom",
  "sidesubfloat",
]);

/** Boxes of floatrow, which hold panels in a `subfloatrow`. */
export const PANEL_BOXES = new Set(["ffigbox", "ttabbox", "fcapside", "floatbox"]);

/** Whether a command is a box of floatrow that holds a panel: one in a `subfloatrow`. */
export function isPanelBox(command: string, inside: { name: string } | null): boolean {
  return PANEL_BOXES.has(command) && inside?.name === "subfloatrow";
}
