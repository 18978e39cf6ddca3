/**
 * Text without control characters other than tab and line feed (terminal escapes, for one), without overrides of the
 * writing direction, which could make text read as something else, and without halves of characters, which no file can
 * hold. They become U+FFFD.
 */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu,
    "\ufffd",
  );
}
