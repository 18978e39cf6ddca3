const CURRENT = "figloom-current";

/** Marks the next change after the marked one, or the previous one, and gives its first piece; stays where it is at the ends. */
export function findChange(body: HTMLElement, by: 1 | -1): HTMLElement | null {
  const changes = changesIn(body);
  const now = changes.findIndex((pieces) => pieces.some((piece) => piece.classList.contains(CURRENT)));
  const to = changes[now < 0 ? (by > 0 ? 0 : changes.length - 1) : now + by];
  if (!to) return changes[now]?.[0] ?? null;
  changes[now]?.forEach((piece) => piece.classList.remove(CURRENT));
  to.forEach((piece) => piece.classList.add(CURRENT));
  return to[0]!;
}

/** Pieces of one change belong together: what is taken out and what is put in for it. */
function changesIn(body: HTMLElement): HTMLElement[][] {
  const changes: HTMLElement[][] = [];
  let last: HTMLElement | undefined;
  for (const piece of body.querySelectorAll<HTMLElement>("[data-change]")) {
    const same =
      last?.parentElement === piece.parentElement && last?.dataset["change"] === piece.dataset["change"];
    if (same) changes.at(-1)!.push(piece);
    else changes.push([piece]);
    last = piece;
  }
  return changes;
}
