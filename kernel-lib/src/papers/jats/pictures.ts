import type { Archive } from "../archive/archive.js";
import { ancestor, attribute, descendants } from "./elements.js";
import type { PackageFiles } from "./files.js";
import type { Element } from "./xml.js";

/** A picture that a float names, and where it lies in the package. */
export interface Picture {
  name: string;
  path: string | null;
}

const FLOATS = new Set(["fig", "fig-group", "table-wrap"]);
/** Graphics inside these are formulas, notes or files to download; a table's body is its own picture. */
const NO_PICTURES = new Set(
  "caption inline-formula disp-formula disp-formula-group chem-struct supplementary-material table table-wrap-foot label attrib permissions fn".split(
    " ",
  ),
);
const IMAGE_FILE = /\.(?:tiff?|png|jpe?g|svg|eps|gif|webp|bmp)$/i;

/**
 * The picture elements of a float in order, but not those of figures that stand in it; of alternatives all, each group
 * once.
 */
export function picturesOf(element: Element): Element[][] {
  const groups = new Map<Element, Element[]>();
  const isClosed = (inner: Element) =>
    NO_PICTURES.has(inner.name) || (FLOATS.has(inner.name) && element.name !== "fig-group");
  const candidates = element.name === "graphic" ? [element] : descendants(element, isClosed);
  for (const inner of candidates) {
    if (inner.name !== "graphic" && !isImageMedia(inner)) continue;
    const alternatives = ancestor(inner, new Set(["alternatives"]));
    const group = alternatives && alternatives.start > element.start ? alternatives : inner;
    const known = groups.get(group);
    if (known) known.push(inner);
    else groups.set(group, [inner]);
  }
  return [...groups.values()];
}

const isImageMedia = (element: Element) =>
  element.name === "media" &&
  (attribute(element, "mimetype") === "image" || IMAGE_FILE.test(attribute(element, "href") ?? ""));

/** The file of a film or recording that a float shows in place of a picture. */
export function filmOf(element: Element): string | null {
  for (const inner of descendants(element, ({ name }) => NO_PICTURES.has(name) || FLOATS.has(name)))
    if (inner.name === "media" && !isImageMedia(inner)) return hrefOf(inner);
  return null;
}

/**
 * Of each picture's alternatives the best that the package holds: no preview, what every machine can draw before
 * PostScript, and of several the larger file.
 */
export function choose(
  pictures: readonly (readonly Element[])[],
  files: PackageFiles,
  archive: Archive,
): Picture[] {
  const sizeOf = (path: string) => archive.read(path)?.length ?? 0;
  return pictures.flatMap((alternatives) => {
    let best: (Picture & { rank: number; size: number }) | undefined;
    for (const graphic of alternatives) {
      const name = hrefOf(graphic);
      const path = files.find(name);
      const rank = path === null ? (name === "" ? 0 : 1) : rankOf(graphic, path);
      const size = path === null ? 0 : sizeOf(path);
      if (!best || rank > best.rank || (rank === best.rank && size > best.size))
        best = { name, path, rank, size };
    }
    return best && best.rank > 0 ? { name: best.name, path: best.path } : [];
  });
}

const hrefOf = (element: Element) => (attribute(element, "href") ?? "").trim();

function rankOf(graphic: Element, path: string): number {
  if (isPreview(graphic) || /\.gif$/i.test(path)) return 2;
  return /\.eps$/i.test(path) ? 3 : 4;
}

/** Whether a picture is offered as a small copy of its alternatives. */
function isPreview(graphic: Element): boolean {
  const use = ["specific-use", "content-type", "mime-subtype", "id"].map(
    (name) => attribute(graphic, name) ?? "",
  );
  return use.some((written) => /thumb|preview|low[-_]?res|small|\bweb\b|\bscaled?\b/i.test(written));
}
