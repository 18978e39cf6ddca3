import { posix } from "node:path";
import { Braced } from "../markup/scan.js";
import { findCaptions } from "./captions.js";
import { expand } from "./expand.js";
import { numberDocument, type Numbering, type Target } from "./numbering.js";
import type { Sources } from "./sources.js";
import { readStructure, type Structure } from "./structure.js";

/** Other documents whose labels a paper may refer to. */
const MAX_DOCUMENTS = 3;

/**
 * The numbering with the labels of other documents of the archive that the paper refers to by
 * `\externaldocument[prefix]{supplement}`: what they number is printed, though it is no part of the paper.
 */
export function withExternalLabels(
  numbering: Numbering,
  source: Braced,
  structure: Structure,
  sources: Sources,
  main: string,
): Numbering {
  const named = structure.controls.filter(({ name }) => name === "externaldocument");
  if (!named.length) return numbering;
  const labels = new Map<string, Target>();
  for (const { next } of named.slice(0, MAX_DOCUMENTS)) {
    const prefix = source.optional(next);
    const name = source.group(prefix?.next ?? next);
    const path = name && sources.find(source.slice(name).trim(), [posix.dirname(main), "."], [".tex"]);
    if (!path || path === main) continue;
    const text = new Braced(expand(sources, path).traced.text);
    const parts = readStructure(text);
    const written = prefix ? source.slice(prefix) : "";
    for (const [label, { number }] of numberDocument(text, parts, findCaptions(text, parts)).labels)
      labels.set(written + label, { number, counter: "external" });
  }
  for (const [label, target] of numbering.labels) labels.set(label, target);
  return { ...numbering, labels };
}
