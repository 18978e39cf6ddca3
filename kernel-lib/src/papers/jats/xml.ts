import { SaxesParser } from "saxes";
import { errorText, ItemError } from "../../errors.js";
import { decodeXml } from "../decode.js";
import { namedEntities } from "./entities.js";

/** An element of an XML document, with the place of its source. */
export interface Element {
  /** Without its namespace prefix. */
  name: string;
  /** By their names as written, such as `xlink:href`. */
  attributes: Readonly<Record<string, string>>;
  children: (Element | string)[];
  parent: Element | null;
  /** UTF-16 range in the document, tags included. */
  start: number;
  end: number;
  /** Range of what stands between the tags. */
  bodyStart: number;
  bodyEnd: number;
}

export interface XmlDocument {
  /** The decoded file, untouched: ranges count in it. */
  text: string;
  root: Element;
  /** Names of entities that nothing readable defines; they stay in the text as written. */
  unknownEntities: Set<string>;
}

/** Bytes, nested elements and all elements of an article; the largest real ones have a twentieth of it. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_DEPTH = 200;
const MAX_ELEMENTS = 1_000_000;

/**
 * Reads a well-formed XML file as a tree. Nothing outside the file is read, and no entity grows: one that does
 * not stand for a character or a short text ({@link namedEntities}) stays as written.
 * @throws {ItemError} `xml-broken`, `xml-too-large`
 */
export function parseXml(bytes: Buffer, file: string): XmlDocument {
  if (bytes.length > MAX_BYTES) throw tooLarge(file, `it has more than ${MAX_BYTES} bytes`);
  const text = decodeXml(bytes);
  const parser = new SaxesParser({ xmlns: false, fileName: "" });
  const unknownEntities = new Set<string>();
  const top: (Element | string)[] = [];
  let open: Element | null = null;
  let depth = 0;
  let count = 0;
  let start = 0;
  const add = (piece: string) => {
    if (open) open.children.push(piece);
  };
  parser.on("error", (error) => {
    throw error;
  });
  parser.ENTITIES = namedEntities("", unknownEntities);
  parser.on("doctype", (doctype) => (parser.ENTITIES = namedEntities(doctype, unknownEntities)));
  parser.on("opentagstart", () => (start = text.lastIndexOf("<", parser.position - 1)));
  parser.on("opentag", ({ name, attributes }) => {
    if (++depth > MAX_DEPTH) throw tooLarge(file, `its elements stand more than ${MAX_DEPTH} deep`);
    if (++count > MAX_ELEMENTS) throw tooLarge(file, `it has more than ${MAX_ELEMENTS} elements`);
    const bodyStart = parser.position;
    const element: Element = {
      name: name.slice(name.indexOf(":") + 1),
      attributes,
      children: [],
      parent: open,
      start,
      end: bodyStart,
      bodyStart,
      bodyEnd: bodyStart,
    };
    (open?.children ?? top).push(element);
    open = element;
  });
  parser.on("closetag", ({ isSelfClosing }) => {
    depth--;
    if (!open) return;
    open.end = parser.position;
    if (!isSelfClosing) open.bodyEnd = text.lastIndexOf("<", open.end - 1);
    open = open.parent;
  });
  parser.on("text", add);
  parser.on("cdata", add);
  try {
    parser.write(text).close();
  } catch (error) {
    throw error instanceof ItemError ? error : broken(file, error);
  }
  return { text, root: top[0] as Element, unknownEntities };
}

const broken = (file: string, cause: unknown) =>
  new ItemError({
    reason: "xml-broken",
    message: `${file} is no well-formed XML: ${errorText(cause).replace(/^:/, "line ").slice(0, 300)}`,
    wayOut: "Download the package again; if it is the same there, leave the paper out.",
    cause,
  });

const tooLarge = (file: string, what: string) =>
  new ItemError({
    reason: "xml-too-large",
    message: `${file} is too large to read safely: ${what}.`,
    wayOut: "Look at what it holds; no article that was met comes near this limit.",
  });
