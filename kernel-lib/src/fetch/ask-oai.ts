import type { Courier } from "../http/courier.js";
import { readOaiPage, type OaiPage } from "./oai.js";
import { ServerAwayError, StatusError } from "../http/problems.js";
import type { Server } from "../http/server.js";

/** Most bytes of a page; a thousand records take two million. */
const PAGE_LIMIT = 64 * 2 ** 20;

/**
 * One page of an OAI-PMH server, patiently.
 * @throws {OaiError} for an error that the protocol names
 * @throws {ServerAwayError} when the server refuses to talk
 */
export async function askOai(courier: Courier, server: Server, address: string): Promise<OaiPage> {
  try {
    return await courier.fetchWhole(server, address, PAGE_LIMIT, readOaiPage);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    // Some servers send the protocol's errors under a status of their own.
    if (error.text.includes("<OAI-PMH")) return readOaiPage(Buffer.from(error.text));
    throw refusal(server, error);
  }
}

/** What it means that a server answers no request at all any more. */
export function refusal(server: Server, { status, url }: StatusError): ServerAwayError {
  return new ServerAwayError(
    status === 403
      ? `${server.name} refuses us (${url} answered 403). What is there is kept. It may have been asked too often from this network: wait some hours, name a contact, and start the same again.`
      : `${server.name} does not answer as expected (${url} answered ${status}). What is there is kept; start the same again later.`,
  );
}
