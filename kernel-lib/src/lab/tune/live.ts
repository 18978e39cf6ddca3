import type { Shown } from "../show.js";

/** A view that is drawn again while it changes. */
export interface LiveView {
  readonly shown: Shown;
  /** Something changed. */
  changed(this: void): void;
  /** Draws the last state. */
  end(): void;
}

/** No more often than that, and no more than so many bytes a second: all of it travels anew with each drawing. */
const INTERVAL_MS = 200;
const BYTES_PER_SECOND = 1e6;
/** Share of the time that drawing may take. */
const MOST_DRAWING = 0.2;
/** A larger view is left alone until the end where a page hears of every change by itself. */
const MOST_BYTES = 200_000;

/**
 * @param draw gives a bundle by MIME type
 * @param isFollowed whether a page hears of every change by another way
 */
export function liveView(
  show: (bundle: Record<string, unknown>) => Shown,
  draw: () => Record<string, unknown>,
  isFollowed: () => boolean = () => false,
): LiveView {
  /** Earliest time of the next drawing. */
  let due = 0;
  let bytes = 0;
  const next = (): Record<string, unknown> => {
    const started = performance.now();
    const bundle = draw();
    bytes = JSON.stringify(bundle).length;
    const drawn = performance.now();
    due = drawn + Math.max(INTERVAL_MS, (1000 * bytes) / BYTES_PER_SECOND, (drawn - started) / MOST_DRAWING);
    return bundle;
  };
  const shown = show(next());
  let timer: NodeJS.Timeout | undefined;
  return {
    shown,
    changed() {
      if (bytes > MOST_BYTES && isFollowed()) return;
      timer ??= setTimeout(
        () => {
          timer = undefined;
          shown.update(next());
        },
        Math.max(0, due - performance.now()),
      );
    },
    end() {
      clearTimeout(timer);
      shown.update(next());
    },
  };
}
