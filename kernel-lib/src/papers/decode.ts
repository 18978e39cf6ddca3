import { TextDecoder } from "node:util";

type Utf16 = "utf-16le" | "utf-16be";

/** Byte order marks, and XML's first two characters in UTF-16 without one (XML 1.0, appendix F). */
const UTF16_STARTS: readonly (readonly [string, Utf16])[] = [
  ["\xff\xfe", "utf-16le"],
  ["\xfe\xff", "utf-16be"],
  ["<\0?\0", "utf-16le"],
  ["\0<\0?", "utf-16be"],
];

/** Whether bytes are UTF-16, by their first four; `null` where they are in another encoding. */
export function utf16Of(bytes: Buffer): Utf16 | null {
  const head = bytes.toString("latin1", 0, 4);
  return UTF16_STARTS.find(([start]) => head.startsWith(start))?.[1] ?? null;
}

/** Decodes by byte order mark, then by what the file declares, then as UTF-8, and as Windows-1252 where that fails. */
export function decodeXml(bytes: Buffer): string {
  const head = bytes.toString("latin1", 0, 200);
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1];
  // A file that declares UTF-16 in single bytes cannot be UTF-16.
  const named = declared && /^utf-?16/i.test(declared) ? undefined : declared;
  for (const encoding of [utf16Of(bytes) ?? named ?? "utf-8", "utf-8"]) {
    try {
      return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      continue;
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}
