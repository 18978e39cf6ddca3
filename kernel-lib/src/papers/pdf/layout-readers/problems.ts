/** Why there is no layout of one paper; the paper is read without it. The message goes on with "because". */
export class LayoutError extends Error {
  override readonly name = "LayoutError";
}

export const unexpectedAnswer = (what: string) => new LayoutError(`its answer is not understood: ${what}`);

/** @param reason what the server says, whatever that is */
export const refusedByServer = (reason: unknown) =>
  new LayoutError(`it could not read the file${typeof reason === "string" ? `: ${excerpt(reason)}` : ""}`);

/** Characters of a server's message that are passed on. */
const SHOWN = 200;

/** The beginning of a server's message, on one line. */
export const excerpt = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, SHOWN);
