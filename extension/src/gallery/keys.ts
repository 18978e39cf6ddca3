/** Where a key leads in a grid of `count` cards in rows of `columns`; `null` for a key that does not move. */
export function nextIndex(key: string, at: number, count: number, columns: number): number | null {
  const inside = (index: number) => (index >= 0 && index < count ? index : at);
  switch (key) {
    case "ArrowLeft":
      return inside(at - 1);
    case "ArrowRight":
      return inside(at + 1);
    case "ArrowUp":
      return inside(at - columns);
    case "ArrowDown":
      return inside(at + columns);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
