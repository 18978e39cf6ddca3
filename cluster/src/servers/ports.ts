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
    const port = claim(number, join(folder, String(number)));
    if (!port) continue;
    if (await isFree(number, address)) return port;
    port.giveBack();
  }
  throw new ConfigurationError(`No port from ${FIRST} to ${FIRST + COUNT - 1} is free on this machine.`);
}

/** `null` where another has taken it. Where nothing can be noted down, it is enough that a port is free. */
function claim(number: number, claims: string): Port | null {
  let taken: Claim | undefined;
  try {
    mkdirSync(claims, { recursive: true, mode: 0o700 });
    taken = takeClaim(claims, {});
    if (taken) forgetEarlier(claims, taken);
  } catch {
    return { number, giveBack: () => undefined };
  }
  const mine = taken;
  return mine ? { number, giveBack: () => giveBack(claims, mine) } : null;
}

const claimsFolder = (): string => join(tmpdir(), `figloom-ports-${process.getuid?.() ?? "user"}`);

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
