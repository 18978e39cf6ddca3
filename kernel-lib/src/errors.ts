/**
 * Errors that a user reads: what happened to which item, and the way out. Every bundle has its own copy of the classes;
 * `instanceof` goes by name, so that an error of one is known in the others.
 */

/** What went wrong with one item, in parts. */
export interface ProblemParts {
  /** A short stable code to group by, such as `archive-truncated`. */
  reason: string;
  /** One plain sentence that names the file or item. */
  message: string;
  /** What the user can do. */
  wayOut: string;
  /** Whether it is not the item's own fault and may go well at the next start. @default false */
  transient?: boolean;
  cause?: unknown;
}

/** One item cannot be worked on; its neighbours go on, and it becomes a quarantine line. */
export class ItemError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "ItemError";
  }
  override readonly name = "ItemError";
  readonly reason: string;
  readonly wayOut: string;
  readonly transient: boolean;
  constructor({ reason, message, wayOut, transient = false, cause }: ProblemParts) {
    super(message, { cause });
    this.reason = reason;
    this.wayOut = wayOut;
    this.transient = transient;
  }
}

/** A wrong option, file or setting: stops everything before work starts. The message says what to change. */
export class ConfigurationError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "ConfigurationError";
  }
  override readonly name = "ConfigurationError";
}

/** One line about any thrown value. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
