/** The layout readers that a user can name, and asking them. */
import { ConfigurationError } from "../../../errors.js";
import { docling } from "./docling.js";
import { addressOf, DEFAULT_LAYOUT_LIMITS, layoutServer, send, type LayoutLimits } from "./http.js";
import { mineru } from "./mineru.js";
import { LayoutError } from "./problems.js";
import type { LayoutProtocol } from "./protocol.js";
import type { ForeignLayout } from "./region.js";

const PROTOCOLS: readonly LayoutProtocol[] = [mineru, docling];
const EXAMPLES = "mineru=http://host:8000 or docling=http://host:5001";

/** A running layout reader. */
export interface LayoutChoice {
  protocol: LayoutProtocol;
  base: URL;
}

/**
 * Reads `mineru=<address>` or `docling=<address>`.
 * @throws {ConfigurationError} for anything else, and for an address with a password in it
 */
export function layoutChoice(text: string): LayoutChoice {
  const [, name, address] = /^\s*(\w+)=(.*?)\s*$/.exec(text) ?? [];
  const protocol = PROTOCOLS.find((known) => known.name === name);
  if (!protocol || address === undefined)
    throw new ConfigurationError(
      `A layout reader is named as ${EXAMPLES}, not as "${withoutPassword(text)}".`,
    );
  const base = URL.canParse(address) ? new URL(address) : undefined;
  if (!base || !/^https?:$/.test(base.protocol) || base.search || base.hash)
    throw new ConfigurationError(
      `"${withoutPassword(address)}" is no address of a layout reader; give one such as ${EXAMPLES}.`,
    );
  if (base.username || base.password)
    throw new ConfigurationError(
      `The address ${withoutPassword(address)} holds a password; put the key into FIGLOOM_LAYOUT_KEY.`,
    );
  return { protocol, base };
}

const withoutPassword = (text: string): string => text.replace(/\/\/.*@/, "//");

/** Seconds that a server has to say that it is there. */
const PATIENCE = 10;

/**
 * Makes sure that the server is there before work starts.
 * @throws {ConfigurationError} where it does not answer; the reason of `signal` when aborted
 */
export async function checkLayoutReader(
  choice: LayoutChoice,
  signal: AbortSignal,
  seconds = PATIENCE,
): Promise<void> {
  const problem = await troubleWith(choice, AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]));
  signal.throwIfAborted();
  if (problem !== null)
    throw new ConfigurationError(
      `The layout reader ${choice.protocol.title} at ${choice.base.href} ${problem}; start it, correct the address, or leave --layout (FIGLOOM_LAYOUT) out.`,
    );
}

/** What keeps a server from being of use, to go on with its name; `null` where it is there. */
export async function troubleWith({ base }: LayoutChoice, signal: AbortSignal): Promise<string | null> {
  let status = 0;
  try {
    // An older MinerU has no /health, but a page about its interface.
    for (const path of ["/health", "/docs"]) {
      const reply = await send(addressOf(base, path), {}, undefined, signal);
      reply.destroy();
      status = reply.statusCode ?? 0;
      if (status !== 404) break;
    }
  } catch {
    return signal.aborted ? "does not answer" : "cannot be reached";
  }
  return status >= 200 && status < 300 ? null : `answers HTTP ${status}`;
}

/**
 * Has a PDF's layout read. Takes as long as the server does: seconds to minutes a paper.
 * @param key only programs that ask for one get it
 * @throws {LayoutError} where the server gives no layout of this paper
 * @throws {ConfigurationError} where it refuses the key, or is another program; the reason of `signal` when aborted
 */
export async function readForeignLayout(
  { protocol, base }: LayoutChoice,
  pdf: Uint8Array,
  options: { signal: AbortSignal; key: string | undefined; limits?: Partial<LayoutLimits> },
): Promise<ForeignLayout> {
  const limits = { ...DEFAULT_LAYOUT_LIMITS, ...options.limits };
  const deadline = AbortSignal.timeout(limits.seconds * 1000);
  const signal = AbortSignal.any([options.signal, deadline]);
  const server = layoutServer(base, protocol.takesKey ? options.key : undefined, limits, signal);
  try {
    const regions = await protocol.convert(server, new Uint8Array(pdf));
    return { reader: protocol.name, regions };
  } catch (error) {
    options.signal.throwIfAborted();
    if (deadline.aborted) throw new LayoutError(`it did not answer within ${limits.seconds} s`);
    throw error;
  }
}
