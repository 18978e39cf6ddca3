import { ConfigurationError } from "../errors.js";
import type { Server } from "../http/server.js";

export type ServerName = "listing" | "eprints" | "pmc" | "archives";
export type Servers = Readonly<Record<ServerName, Server>>;

/**
 * The services with the pace that they allow. arXiv: one request in three seconds and one connection at a time, for
 * all machines of one user together (https://info.arxiv.org/help/api/tou.html); its OAI-PMH has stood at this address
 * since March 2025 (https://info.arxiv.org/help/oa/). PubMed Central: packages were withdrawn in August 2026 for a
 * public bucket (https://pmc.ncbi.nlm.nih.gov/tools/pmcaws/); NCBI's three requests a second are kept there, too.
 * arXiv's bucket is paid for by who asks, at any pace (https://info.arxiv.org/help/bulk_data_s3.html).
 */
const DEFAULTS: Readonly<Record<ServerName, Server & { variable: string }>> = {
  listing: {
    name: "arXiv's list of papers",
    base: "https://oaipmh.arxiv.org/oai",
    interval: 3000,
    variable: "FIGLOOM_ARXIV_OAI",
  },
  eprints: {
    name: "arXiv",
    base: "https://export.arxiv.org",
    interval: 3000,
    variable: "FIGLOOM_ARXIV_EPRINTS",
  },
  pmc: {
    name: "PubMed Central",
    base: "https://pmc-oa-opendata.s3.amazonaws.com",
    interval: 334,
    variable: "FIGLOOM_PMC",
  },
  archives: {
    name: "arXiv's archives on S3",
    base: "https://arxiv.s3.us-east-1.amazonaws.com",
    interval: 0,
    variable: "FIGLOOM_ARXIV_S3",
  },
};

export interface ServerOptions {
  /** Addresses of mirrors. @default the environment's FIGLOOM_ARXIV_OAI, FIGLOOM_ARXIV_EPRINTS, …, else the public ones */
  servers?: Partial<Record<ServerName, string>>;
  /** Seconds between two requests to a host. The public servers may be asked more slowly than they allow, not faster. */
  pace?: number;
}

/** @throws {ConfigurationError} for an address that is none, or a pace that the public servers do not allow */
export function serversOf({ servers = {}, pace }: ServerOptions, env = process.env): Servers {
  if (pace !== undefined && !(pace >= 0 && pace <= 86_400))
    throw new ConfigurationError(`The pace is a number of seconds between two requests, not ${pace}.`);
  const server = (key: ServerName): Server => {
    const { name, base, interval, variable } = DEFAULTS[key];
    const mirror = servers[key] ?? (env[variable] || undefined);
    const own = mirror !== undefined && httpAddress(mirror, variable) !== base;
    if (pace === undefined) return { name, base: own ? httpAddress(mirror, variable) : base, interval };
    if (own) return { name, base: httpAddress(mirror, variable), interval: pace * 1000 };
    return { name, base, interval: Math.max(interval, pace * 1000) };
  };
  return {
    listing: server("listing"),
    eprints: server("eprints"),
    pmc: server("pmc"),
    archives: server("archives"),
  };
}

function httpAddress(text: string, variable: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new ConfigurationError(`"${text}" (${variable}) is no http or https address.`);
  return text.replace(/\/+$/, "");
}
