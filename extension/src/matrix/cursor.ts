/** The cell of a grid that keys act on. Of all cells it alone is reached by Tab. */
export class Cursor {
  readonly #body: HTMLElement;
  readonly #cellAt: (figure: number, column: number) => HTMLElement | undefined;
  #figure = 0;
  #column = 1;

  /** @param cellAt by figure, whatever row that stands in, and column */
  constructor(body: HTMLElement, cellAt: (figure: number, column: number) => HTMLElement | undefined) {
    this.#body = body;
    this.#cellAt = cellAt;
  }

  get figure(): number {
    return this.#figure;
  }

  get column(): number {
    return this.#column;
  }

  /** Stands in a figure's row, without the focus. */
  put(figure: number, column = this.#column): void {
    this.#figure = figure;
    this.#column = column;
    for (const cell of this.#body.querySelectorAll<HTMLElement>('[data-column][tabindex="0"]'))
      cell.tabIndex = -1;
    const cell = this.#cellAt(figure, column);
    if (cell) cell.tabIndex = 0;
  }

  /** Takes the focus to a cell. */
  go(figure: number, column: number): void {
    this.put(figure, column);
    this.#cellAt(figure, column)?.focus();
  }

  /** Follows the focus, which a click or Tab has moved. */
  follow(target: HTMLElement): void {
    const cell = target.closest<HTMLElement>("[data-column]");
    const figure = cell?.parentElement?.dataset["figure"];
    if (cell && figure !== undefined) this.put(Number(figure), Number(cell.dataset["column"]));
  }
}
