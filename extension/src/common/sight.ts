/** How long something has to be out of sight to count as gone: scrolling past and back changes nothing. */
const GONE_MS = 1000;

/**
 * Says when an element goes out of sight, scrolled away, in a hidden tab or taken out of the page, and when it is seen
 * again. It is taken to be in sight at first.
 */
export function watchSight(element: Element, signal: AbortSignal, changed: (inSight: boolean) => void): void {
  let inSight = true;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const become = (next: boolean) => {
    if (next === inSight) return;
    inSight = next;
    changed(next);
  };
  const observer = new IntersectionObserver((entries) => {
    clearTimeout(leaving);
    if (entries.at(-1)!.isIntersecting) become(true);
    else leaving = setTimeout(() => become(false), GONE_MS);
  });
  observer.observe(element);
  signal.addEventListener(
    "abort",
    () => {
      observer.disconnect();
      clearTimeout(leaving);
    },
    { once: true },
  );
}
