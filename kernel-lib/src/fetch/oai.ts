import { errorText } from "../errors.js";
import { childAt, childrenOf, rawText, attribute } from "../papers/jats/elements.js";
import { parseXml, type Element } from "../papers/jats/xml.js";
import { PassingError } from "./problems.js";

/** What arXiv says about a paper, in the fields of its public metadata snapshot. */
export interface ArxivRecord {
  id: string;
  title: string | null;
  /** As arXiv writes them: "Ada Lovelace, Mary Somerville". */
  authors: string | null;
  abstract: string | null;
  /** The primary one first, separated by spaces. */
  categories: string;
  /** Address of the licence; `null` for papers from before arXiv asked for one. */
  license: string | null;
  doi: string | null;
  comments: string | null;
  "journal-ref": string | null;
  /** Day of the first version, `2024-01-31`. */
  created: string | null;
  /** Day of the latest version. */
  update_date: string | null;
}

/** One answer of an OAI-PMH server. */
export interface OaiPage {
  records: ArxivRecord[];
  /** Asks for the next page; `null` on the last. */
  token: string | null;
  /** Records of the whole list, where the server says so. */
  total: number | null;
}

/** An error that the protocol itself names, such as `badResumptionToken` or `idDoesNotExist`. */
export class OaiError extends Error {
  override readonly name = "OaiError";
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The address that lists papers of a set that were changed on or after a day, up to another. */
export function listAddress(base: string, set: string, from: string | null, until: string | null): string {
  const query = new URLSearchParams({ verb: "ListRecords", metadataPrefix: "arXiv", set });
  if (from !== null) query.set("from", from);
  if (until !== null) query.set("until", until);
  return `${base}?${query}`;
}

/** The address of a list's next page. */
export function nextAddress(base: string, token: string): string {
  return `${base}?${new URLSearchParams({ verb: "ListRecords", resumptionToken: token })}`;
}

/** The address of what is known about one paper. */
export function recordAddress(base: string, id: string): string {
  const query = { verb: "GetRecord", metadataPrefix: "arXiv", identifier: `oai:arXiv.org:${id}` };
  return `${base}?${new URLSearchParams(query)}`;
}

/**
 * Reads an answer to ListRecords or GetRecord (OAI-PMH 2.0, metadata format `arXiv`). Deleted records are left out.
 * @throws {OaiError} for an error that the protocol names, but an empty list is no error
 * @throws {PassingError} for what is no OAI-PMH, such as the page of a server under maintenance
 */
export function readOaiPage(bytes: Buffer): OaiPage {
  const root = parse(bytes);
  const error = childAt(root, "error");
  if (error) {
    const code = attribute(error, "code") ?? "unknown";
    if (code === "noRecordsMatch") return { records: [], token: null, total: 0 };
    throw new OaiError(code, oneLine(error) ?? code);
  }
  const list = childAt(root, "ListRecords") ?? childAt(root, "GetRecord");
  if (!list) throw new PassingError("the list of papers came without a list");
  const token = childAt(list, "resumptionToken");
  const total = Number(token && attribute(token, "completeListSize"));
  return {
    records: childrenOf(list, "record").flatMap((record) => readRecord(record) ?? []),
    token: token && oneLine(token),
    total: Number.isSafeInteger(total) && total > 0 ? total : null,
  };
}

function parse(bytes: Buffer): Element {
  // Control characters, which XML cannot hold, turn up in old abstracts.
  const clean = Buffer.from(
    bytes.map((byte) => (byte < 0x20 && !(byte === 9 || byte === 10 || byte === 13) ? 0x20 : byte)),
  );
  try {
    const { root } = parseXml(clean, "The list of papers");
    if (root?.name === "OAI-PMH") return root;
  } catch (error) {
    throw new PassingError(`the list of papers cannot be read (${errorText(error)})`);
  }
  throw new PassingError("a web page came in place of the list of papers");
}

function readRecord(record: Element): ArxivRecord | null {
  const header = childAt(record, "header");
  const paper = childAt(record, "metadata", "arXiv");
  if (!paper || (header && attribute(header, "status") === "deleted")) return null;
  const field = (name: string) => oneLine(childAt(paper, name));
  const id = field("id");
  if (id === null) return null;
  return {
    id,
    title: field("title"),
    authors: authorsOf(childAt(paper, "authors")),
    abstract: field("abstract"),
    categories: field("categories") ?? "",
    license: field("license"),
    doi: field("doi"),
    comments: field("comments"),
    "journal-ref": field("journal-ref"),
    created: field("created"),
    update_date: field("updated") ?? field("created"),
  };
}

function authorsOf(authors: Element | null): string | null {
  const names = (authors ? childrenOf(authors, "author") : []).map((author) =>
    ["forenames", "keyname", "suffix"].flatMap((part) => oneLine(childAt(author, part)) ?? []).join(" "),
  );
  return names.length === 0 ? null : names.join(", ");
}

/** The element's text on one line, `null` where there is none. */
function oneLine(element: Element | null): string | null {
  const text = element ? rawText(element).replace(/\s+/g, " ").trim() : "";
  return text === "" ? null : text;
}
