/**
 * Does work with a signal that is aborted after `seconds` (its reason then is a `TimeoutError`) or together with
 * `outer`, and lets go of both afterwards.
 *
 * `AbortSignal.any` over `AbortSignal.timeout` would say the same, but in Node 20 such a signal can be collected as
 * garbage before it fires.
 */
export async function withDeadline<T>(
  seconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const follow = () => controller.abort(outer!.reason);
  const expire = () =>
    controller.abort(new DOMException("it takes longer than its time limit", "TimeoutError"));
  outer?.addEventListener("abort", follow, { once: true });
  const timer = setTimeout(expire, seconds * 1000);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", follow);
  }
}
