import type { SourceKind } from "../model.js";
import type { Archive } from "./archive/archive.js";
import { decodeXml } from "./decode.js";
import { decode } from "./latex/sources.js";

/** The text of a source file as its reader decoded it, in which provenance counts; `null` where there is none. */
export function sourceText(archive: Archive, path: string, kind: SourceKind): string | null {
  const bytes = archive.read(path);
  if (!bytes || kind === "pdf") return null;
  return kind === "jats" ? decodeXml(bytes) : decode(bytes);
}
