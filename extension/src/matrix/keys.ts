/** A place in the grid: a row that is shown, and a column; column 0 is the figure. */
export interface At {
  row: number;
  column: number;
}

/** Where a key leads in a grid; `null` for a key that does not move. */
export function moved(key: string, { row, column }: At, rows: number, columns: number): At | null {
  const to = (row: number, column: number): At => ({
    row: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  });
  switch (key) {
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowDown":
      return to(row + 1, column);
    case "ArrowLeft":
      return to(row, column - 1);
    case "ArrowRight":
      return to(row, column + 1);
    case "Home":
      return to(row, 0);
    case "End":
      return to(row, columns - 1);
    case "PageUp":
      return to(row - 5, column);
    case "PageDown":
      return to(row + 5, column);
    default:
      return null;
  }
}
