import type { RefusedMember } from "./archive.js";

/** What became of a member's name: a path inside the archive, or the reason why it is none. */
export type CheckedPath = { path: string } | { refused: RefusedMember };

/**
 * Normalises a member's path (`./x`, `a/../b`, `a//b`) and refuses the ones that would leave the archive or that
 * no author's file has: absolute paths, `..` climbing out, control characters, names beyond `maxBytes`.
 *
 * A backslash counts as a separator in the check, since other programs may read it as one; it stays in the path.
 */
export function checkMemberPath(name: string, maxBytes: number): CheckedPath {
  const refuse = (reason: string, message: string) => ({
    refused: { path: printable(name), reason, message },
  });
  if (Buffer.byteLength(name) > maxBytes) {
    return refuse("path-too-long", `Its name is longer than ${maxBytes} bytes.`);
  }
  if (/\p{Cc}/u.test(name)) return refuse("path-unprintable", "Its name holds control characters.");
  if (/^(?:[\\/]|[A-Za-z]:[\\/])/.test(name)) {
    return refuse("path-absolute", "Its path is absolute, so it would lie outside the paper.");
  }
  if (climbs(name.split(/[\\/]/))) {
    return refuse("path-climbs", "Its path climbs out of the paper by “..”.");
  }
  const path = resolveDots(name.split("/")).join("/");
  return path === "" ? refuse("path-empty", "It has no name.") : { path };
}

function climbs(parts: readonly string[]): boolean {
  let depth = 0;
  return parts.some((part) => {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    return depth < 0;
  });
}

function resolveDots(parts: readonly string[]): string[] {
  const kept: string[] = [];
  for (const part of parts) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return kept;
}

/** Whether a member is one of the files that macOS archivers add beside each file for its attributes. */
export function isMacResource(name: string): boolean {
  return /(?:^|\/)(?:__MACOSX\/|\._[^/]*$|\.DS_Store$)/.test(name);
}

/** A name as it may be shown in a terminal or a log: control characters as `\xNN`, at most 200 characters. */
export function printable(name: string): string {
  const escaped = name
    .slice(0, 200)
    .replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return name.length > 200 ? `${escaped}…` : escaped;
}
