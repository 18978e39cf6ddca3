import type { Server } from "./server.js";

/**
 * The server with the least to do, in outstanding tokens: requests differ by two orders of magnitude, so that counting
 * them would let one server have all the large ones.
 */
export function choose(servers: readonly Server[], fits: (server: Server) => boolean): Server | null {
  let least: Server | null = null;
  for (const server of servers) {
    if (least && !isLess(server, least)) continue;
    if (fits(server)) least = server;
  }
  return least;
}

function isLess(a: Server, b: Server): boolean {
  if (a.outstandingTokens !== b.outstandingTokens) return a.outstandingTokens < b.outstandingTokens;
  return a.attempts.size < b.attempts.size;
}
