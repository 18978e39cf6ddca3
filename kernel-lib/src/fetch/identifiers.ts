import { ConfigurationError } from "../errors.js";

/** A paper as its archive names it. */
export interface PaperName {
  from: "arxiv" | "pmc";
  /** `1703.09824`, `hep-th/9901001`, `PMC1234567`; without a version. */
  id: string;
  /** The version that was asked for; `null` for the latest. */
  version: number | null;
  /** What its files are called: `1703.09824v2`, `hep-th9901001`, `PMC1234567`. */
  paper_id: string;
}

/** What may stand before an id. */
const PREFIX =
  /^(?:https?:\/\/(?:[\w-]+\.)*arxiv\.org\/(?:abs|pdf|src|e-print|html|format)\/|https?:\/\/(?:dx\.)?doi\.org\/10\.48550\/arxiv\.|10\.48550\/arxiv\.|https?:\/\/(?:pmc|www)\.ncbi\.nlm\.nih\.gov\/(?:pmc\/)?articles\/|arxiv:\s*)/i;

/** Ids since April 2007, with four digits until the end of 2014 and five after it. */
const MODERN = /^(\d{2})(0[1-9]|1[0-2])\.(\d{4,5})$/;
/** Ids until March 2007; the subject class behind the archive is no part of them. */
const OLD = /^([a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z-]+)?\/?(\d{2}(?:0[1-9]|1[0-2])\d{3})$/;

/**
 * Reads what a person gives for a paper: `1703.09824`, `1703.09824v2`, `hep-th/9901001`, `arXiv:…`, `PMC1234567`, or
 * the address of the paper's page, PDF or DOI.
 * @throws {ConfigurationError} where it names no paper of arXiv or PubMed Central
 */
export function parsePaperName(text: string): PaperName {
  const written = text
    .trim()
    .replace(PREFIX, "")
    .replace(/[?#].*$/, "")
    .replace(/\.pdf$|\/+$/i, "");
  const article = /^(PMC\d{1,10})(?:\.(\d{1,3}))?$/i.exec(written);
  if (article) return pmcName(article[1]!.toUpperCase(), article[2]);
  const [, id, version] = /^(.+?)(?:v([1-9]\d{0,2}))?$/.exec(written) ?? [];
  const canonical = id === undefined ? null : canonicalId(id);
  if (canonical === null)
    throw new ConfigurationError(
      `"${text}" names no paper; give arXiv ids (1703.09824, 1703.09824v2, hep-th/9901001), PMC ids (PMC1234567) or addresses of their pages.`,
    );
  return arxivName(canonical, version === undefined ? null : Number(version));
}

export function arxivName(id: string, version: number | null): PaperName {
  const suffix = version === null ? "" : `v${version}`;
  return { from: "arxiv", id, version, paper_id: `${id.replace("/", "")}${suffix}` };
}

function pmcName(id: string, version: string | undefined): PaperName {
  return { from: "pmc", id, version: version === undefined ? null : Number(version), paper_id: id };
}

/** Whether an id is one of arXiv's, in its own spelling and without a version. */
export const isArxivId = (id: string): boolean => canonicalId(id) === id;

/** The id in arXiv's own spelling, `null` where it is none. */
function canonicalId(id: string): string | null {
  const modern = MODERN.exec(id);
  if (modern) {
    const month = modern[1]! + modern[2]!;
    const digits = month >= "1501" ? 5 : 4;
    return month >= "0704" && modern[3]!.length === digits ? id : null;
  }
  const old = OLD.exec(id);
  return old ? `${old[1]!}/${old[2]!}` : null;
}
