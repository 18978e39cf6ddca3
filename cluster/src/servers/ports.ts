/** Ports that nobody else on this machine will take while a server, which listens late, is loading. */
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "figloom/errors";
import { forgetEarlier, giveBack, takeClaim, type Claim } from "figloom/processes";

/** Below the ports that systems give to outgoing connections (from 32768 on Linux), and above the usual services. */
const FIRST = 20_000;
const COUNT = 12_000;

export interface Port {
  readonly number: number;
  giveBack(): void;
}

/**
 * Takes a port that is free now, and that no other process of figloom's on this machine has taken and still lives.
 * @param address to listen on
 * @param random 0 up to 1: where the search begins
 */
export async function takePort(
  address: string,
  { random = Math.random, folder = claimsFolder() }: { random?: () => number; folder?: string } = {},
): Promise<Port> {
  const start = Math.floor(random() * COUNT);
  for (let step = 0; step < COUNT; step++) {
    const number = FIRST + ((start + step) % COUNT);
    const claims = join(folder, String(number));
    mkdirSync(claims, { recursive: true, mode: 0o700 });
    const claim: Claim | undefined = takeClaim(claims, {});
    if (!claim) continue;
    forgetEarlier(claims, claim);
    if (await isFree(number, address)) return { number, giveBack: () => giveBack(claims, claim) };
    giveBack(claims, claim);
  }
  throw new ConfigurationError(`No port from ${FIRST} to ${FIRST + COUNT - 1} is free on this machine.`);
}

const claimsFolder = (): string => join(tmpdir(), `figloom-ports-${process.getuid?.() ?? "user"}`);

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
