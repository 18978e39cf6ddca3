/** Keeps new items back while work is paused, and knows how many are at work. */
export class Gate {
  #shut: { opened: Promise<void>; open: () => void } | null = null;
  #inside = 0;

  /** @param onRest called when it is closed and the last item has left */
  constructor(private readonly onRest: () => void = () => undefined) {}

  get isEmpty(): boolean {
    return this.#inside === 0;
  }

  /** `null` while it is open, otherwise resolves when it is again. */
  closed(): Promise<void> | null {
    return this.#shut && this.#shut.opened;
  }

  entered(): void {
    this.#inside++;
  }

  left(): void {
    this.#inside--;
    if (this.#shut && this.isEmpty) this.onRest();
  }

  shut(): void {
    if (this.#shut) return;
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#shut = { opened, open };
  }

  open(): void {
    this.#shut?.open();
    this.#shut = null;
  }
}
