/**
 * Milliseconds that a `Retry-After` header asks for, in seconds or as an HTTP date; `null` where it says neither.
 * @param now milliseconds since 1970
 */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
