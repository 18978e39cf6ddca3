/** Outlines drawn around points. */

export type Corner = [x: number, y: number];

/**
 * Whether a place lies inside a closed outline, by the even–odd rule: a ray to the right crosses it an odd number of times, so that
 * parts which are drawn around twice are outside.
 */
export function inside(corners: readonly Corner[], x: number, y: number): boolean {
  let odd = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [a, b] = [corners[i]!, corners[j]!];
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) odd = !odd;
  }
  return odd;
}
