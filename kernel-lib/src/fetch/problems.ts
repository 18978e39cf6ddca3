import { ItemError } from "../errors.js";

const LATER = "Start the same again later; it asks for this paper again.";

export const notFound = (paper: string, where: string) =>
  new ItemError({
    reason: "not-found",
    message: `${where} knows no paper ${paper}.`,
    wayOut: "Check the id.",
  });

export const withdrawn = (paper: string) =>
  new ItemError({
    reason: "withdrawn",
    message: `${paper} was withdrawn by its authors; there is no source of it.`,
    wayOut: `Leave the paper out, or ask for an earlier version, such as ${firstVersion(paper)}.`,
  });

export const noSource = (paper: string, said: string) =>
  new ItemError({
    reason: "no-source",
    message: `The server has no source of ${paper}${said === "" ? "" : `; it says: ${said}`}.`,
    wayOut: `Leave the paper out, or ask for another version, such as ${firstVersion(paper)}.`,
  });

export const tooLarge = (paper: string, limit: number) =>
  new ItemError({
    reason: "too-large",
    message: `${paper} is larger than ${Math.round(limit / 2 ** 20)} MiB.`,
    wayOut: "Raise the limit (--max-size, in MiB) or leave the paper out.",
  });

export const notAPaper = (paper: string, what: string) =>
  new ItemError({
    reason: "not-a-paper",
    message: `What the server sent for ${paper} is no paper: ${what}.`,
    wayOut: LATER,
  });

export const unreachable = (paper: string, cause: Error) =>
  new ItemError({
    reason: "server-unreachable",
    message: `${paper} could not be fetched: ${cause.message}.`,
    wayOut: LATER,
    cause,
  });

const firstVersion = (paper: string): string => `${paper.replace(/v\d+$/, "")}v1`;

/** Problems that asking again will not mend; such a paper is asked for again only to refresh it. */
export const FINAL: ReadonlySet<string> = new Set(["not-found", "withdrawn", "no-source"]);
