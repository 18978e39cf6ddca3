/** From here on the order of UTF-16, which is that of JavaScript, and that of UTF-8, DuckDB's, part ways. */
const HIGH = /[\ud800-\uffff]/;

/** Compares texts as the dataset sorts them. */
export function asStored(a: string, b: string): number {
  if (HIGH.test(a) || HIGH.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
