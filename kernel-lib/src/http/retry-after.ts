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

/**
 * Milliseconds until a `RateLimit` header promises new requests, as the hub of models gives it with a 429:
 * `"api";r=0;t=55` (https://huggingface.co/docs/hub/rate-limits); `null` where it does not say.
 */
export function untilReset(header: string | string[] | undefined): number | null {
  const [, seconds] = /;\s*t=(\d{1,9})\b/.exec(String(header ?? "")) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
