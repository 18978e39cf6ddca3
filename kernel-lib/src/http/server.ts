import { ConfigurationError } from "../errors.js";

/** A service that is asked at its own pace. */
export interface Server {
  /** What a message calls it. */
  name: string;
  /** Its address, without a closing slash. */
  base: string;
  /** Shortest time between two requests to a host of it, in milliseconds. */
  interval: number;
  /**
   * Whether several may ask it at once, as fast as it answers; `interval` then only is the time before a second
   * attempt. @default false
   */
  unpaced?: boolean;
}

/** Who asks, so that a server's operators can reach them. */
export function userAgent(version: string, contact: string | undefined): string {
  if (contact === undefined || contact.trim() === "") return `figloom/${version}`;
  if (!/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(contact) || /[()\\]/.test(contact) || contact.length > 200)
    throw new ConfigurationError(
      `The contact is an e-mail or web address in plain letters, not "${contact}".`,
    );
  return `figloom/${version} (${contact})`;
}
