/** Scrolling through more pixels than a browser can lay out. Content is what there is to see, the runway what is scrolled. */

/**
 * Tallest runway, in CSS pixels. Chromium and WebKit lay out 2^25 physical pixels, Firefox 17.9 million: at 400 % zoom on
 * a screen with two pixels a pixel that leaves 4.2 million.
 */
const RUNWAY_LIMIT = 4_000_000;

/** At both ends of the runway a pixel is a pixel, so that the first and the last row are met without a jump. */
const EDGE = 100_000;

export interface Runway {
  /** Heights in pixels. */
  content: number;
  viewport: number;
  runway: number;
}

export function runwayFor(content: number, viewport: number): Runway {
  return { content, viewport, runway: Math.min(content, RUNWAY_LIMIT) };
}

/** The farthest that content can be scrolled. */
export function lastTop({ content, viewport }: Runway): number {
  return Math.max(0, content - viewport);
}

function lastScroll({ runway, viewport }: Runway): number {
  return Math.max(0, runway - viewport);
}

const within = (value: number, most: number): number => Math.max(0, Math.min(value, most));

/** Which content stands at the upper edge where the runway is scrolled to `scroll`. */
export function topAt(runway: Runway, scroll: number): number {
  const [most, last] = [lastScroll(runway), lastTop(runway)];
  const at = within(scroll, most);
  if (last <= most || at <= EDGE) return within(at, last);
  if (at >= most - EDGE) return last - (most - at);
  return EDGE + ((at - EDGE) * (last - 2 * EDGE)) / (most - 2 * EDGE);
}

/** Where the runway has to be scrolled for content `top` to stand at the upper edge. */
export function scrollFor(runway: Runway, top: number): number {
  const [most, last] = [lastScroll(runway), lastTop(runway)];
  const at = within(top, last);
  if (last <= most || at <= EDGE) return at;
  if (at >= last - EDGE) return most - (last - at);
  return EDGE + ((at - EDGE) * (most - 2 * EDGE)) / (last - 2 * EDGE);
}

export interface Place {
  top: number;
  scroll: number;
  /** Whether it is a place far from the one before. */
  jumped: boolean;
}

/**
 * What is seen after the browser scrolled the runway. Wheel, touch and keys move by little: pixel by pixel, whatever the
 * scale. The scroll bar moves by much: to that part of the content.
 */
export function scrolled(runway: Runway, before: { top: number; scroll: number }, scroll: number): Place {
  const moved = scroll - before.scroll;
  const jumped = Math.abs(moved) > Math.max(4 * runway.viewport, 2400);
  const top = jumped ? topAt(runway, scroll) : within(before.top + moved, lastTop(runway));
  return { top, scroll, jumped };
}

/** Whether the runway has come to its end although the content has not. */
export function ranOut(runway: Runway, { top, scroll }: { top: number; scroll: number }): boolean {
  const most = lastScroll(runway);
  return (scroll <= 0 && top > 0) || (scroll >= most - 1 && top < lastTop(runway) - 1);
}
