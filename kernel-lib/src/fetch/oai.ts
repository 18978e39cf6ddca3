import { SaxesParser } from "saxes";
import { errorText } from "../errors.js";
import { isArxivId } from "./identifiers.js";
import { PassingError } from "../http/problems.js";

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

/** Characters of one field that are kept; the longest lists of authors have a few hundred thousand. */
const FIELD_LIMIT = 2 ** 20;

/**
 * Reads an answer to ListRecords or GetRecord (OAI-PMH 2.0, metadata format `arXiv`). Deleted records are left out,
 * and those whose id is none of arXiv's: ids become names of files. What a DTD declares is passed over.
 * @throws {OaiError} for an error that the protocol names, but an empty list is no error
 * @throws {PassingError} for what is no OAI-PMH, such as the page of a server under maintenance
 */
export function readOaiPage(bytes: Buffer): OaiPage {
  const page: OaiPage = { records: [], token: null, total: null };
  let problem: OaiError | null = null;
  let list = false;
  let open: { deleted: boolean; fields: Map<string, string>; authors: string[]; author: string[] } | null =
    null;
  const path: string[] = [];
  let text = "";

  const parser = new SaxesParser({ xmlns: false, fileName: "" });
  parser.on("opentag", ({ name, attributes }) => {
    const element = localName(name);
    path.push(element);
    text = "";
    if (path.length === 1 && element !== "OAI-PMH") throw new Error(`its root is ${element}`);
    if (element === "error" && path.length === 2) problem = new OaiError(attributes.code ?? "unknown", "");
    if (element === "ListRecords" || element === "GetRecord") list = true;
    if (element === "resumptionToken") page.total = Number(attributes.completeListSize) || null;
    if (element === "record") open = { deleted: false, fields: new Map(), authors: [], author: [] };
    if (element === "header" && open) open.deleted = attributes.status === "deleted";
  });
  const add = (piece: string) => {
    if (text.length < FIELD_LIMIT) text += piece;
  };
  parser.on("text", add);
  parser.on("cdata", add);
  parser.on("closetag", ({ name }) => {
    const element = localName(name);
    path.pop();
    const inside = path.at(-1);
    const value = oneLine(text);
    text = "";
    if (element === "error" && problem && inside === "OAI-PMH")
      problem = new OaiError(problem.code, value || problem.code);
    else if (element === "resumptionToken") page.token = value || null;
    else if (!open) return;
    else if (inside === "author") open.author.push(value);
    else if (element === "author") {
      const [last = "", ...others] = open.author;
      open.authors.push([others[0], last, ...others.slice(1, 2)].filter(Boolean).join(" "));
      open.author = [];
    } else if (inside === "arXiv") open.fields.set(element, value);
    else if (element === "record") {
      const record = open.deleted ? null : recordOf(open.fields, open.authors);
      if (record) page.records.push(record);
      open = null;
    }
  });
  // An entity that nothing defines stays in the text as written.
  parser.on("error", (error) => {
    if (!/undefined entity/.test(error.message)) throw error;
  });
  try {
    parser.write(withoutControls(bytes)).close();
  } catch (error) {
    throw new PassingError(`the list of papers cannot be read (${errorText(error)})`);
  }
  // Assigned inside the callbacks, which the compiler does not follow.
  const named = problem as OaiError | null;
  if (named?.code === "noRecordsMatch") return { records: [], token: null, total: 0 };
  if (named) throw named;
  if (!list) throw new PassingError("the list of papers came without a list");
  return page;
}

function recordOf(fields: ReadonlyMap<string, string>, authors: readonly string[]): ArxivRecord | null {
  const field = (name: string) => fields.get(name) || null;
  const id = field("id");
  if (id === null || !isArxivId(id)) return null;
  return {
    id,
    title: field("title"),
    authors: authors.length === 0 ? null : authors.join(", ").slice(0, FIELD_LIMIT),
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

/** Control characters, which XML cannot hold, turn up in old abstracts. */
function withoutControls(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, " ");
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
