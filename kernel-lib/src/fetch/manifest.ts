import { ConfigurationError, errorText } from "../errors.js";
import { childAt, childrenOf, rawText } from "../papers/jats/elements.js";
import { parseXml, type Element } from "../papers/jats/xml.js";

/** One of arXiv's archives of sources, as `arXiv_src_manifest.xml` lists it. */
export interface ArchiveEntry {
  /** Key in arXiv's bucket: `src/arXiv_src_2401_001.tar`. */
  key: string;
  /** `arXiv_src_2401_001.tar`. */
  name: string;
  /** Month of the papers in it, `2401`. */
  month: string;
  bytes: number;
  /** MD5 of the archive, hex. */
  md5: string;
  papers: number;
}

export const MANIFEST = "arXiv_src_manifest.xml";

/** @throws {ConfigurationError} for what is no manifest */
export function readManifest(bytes: Buffer, path: string): ArchiveEntry[] {
  let root: Element | undefined;
  try {
    ({ root } = parseXml(bytes, path));
  } catch (error) {
    throw new ConfigurationError(`${path} is no manifest of arXiv's archives (${errorText(error)}).`);
  }
  if (root?.name !== "arXivSRC")
    throw new ConfigurationError(`${path} is no manifest of arXiv's archives; its root is ${root?.name}.`);
  return childrenOf(root, "file").flatMap((file) => {
    const field = (name: string) => {
      const element = childAt(file, name);
      return element ? rawText(element).trim() : "";
    };
    const [key, bytes, md5, papers] = [
      field("filename"),
      Number(field("size")),
      field("md5sum"),
      field("num_items"),
    ];
    const name = key.slice(key.lastIndexOf("/") + 1);
    // The names become files.
    const sound = /^[\w.-]+\.tar$/.test(name) && Number.isSafeInteger(bytes) && /^[0-9a-f]{32}$/.test(md5);
    return sound ? [{ key, name, month: field("yymm"), bytes, md5, papers: Number(papers) || 0 }] : [];
  });
}

/**
 * Reads months as arXiv's archives are named by: `2401`, `2401,2403`, `2312..2402`.
 * @throws {ConfigurationError}
 */
export function parseMonths(text: string): string[] {
  const months = text.split(",").flatMap((part) => {
    const [first, last = first] = part.trim().split("..");
    const [start, end] = [ordinal(first!), ordinal(last!)];
    if (start === null || end === null || start > end)
      throw new ConfigurationError(
        `"${part}" is no month; write January 2024 as 2401, and several as 2401,2403 or 2312..2402.`,
      );
    return Array.from({ length: end - start + 1 }, (_, i) => monthOf(start + i));
  });
  return [...new Set(months)];
}

/** Months since January 1991, arXiv's first year. */
function ordinal(month: string): number | null {
  if (!/^\d{2}(?:0[1-9]|1[0-2])$/.test(month)) return null;
  const year = (Number(month.slice(0, 2)) + 9) % 100;
  return 12 * year + Number(month.slice(2)) - 1;
}

function monthOf(ordinal: number): string {
  const year = (Math.floor(ordinal / 12) + 91) % 100;
  return `${String(year).padStart(2, "0")}${String((ordinal % 12) + 1).padStart(2, "0")}`;
}
