/** The changes of drawn figures, in reading order: for each the elements that belong to it, in one or two columns. */
export function findChanges(list: ParentNode): HTMLElement[][] {
  return [...list.querySelectorAll<HTMLElement>(".figloom-diff-item")].flatMap((item) => {
    const texts = [...item.querySelectorAll<HTMLElement>(".figloom-diff-text")];
    // Two columns of one comparison number their changes alike; several comparisons each for themselves.
    const together = item.querySelector(".figloom-diff-split") !== null && texts.length === 2;
    return together ? changesIn([item]) : texts.flatMap((text) => changesIn([text]));
  });
}

function changesIn(nodes: HTMLElement[]): HTMLElement[][] {
  const byNumber = new Map<string, HTMLElement[]>();
  for (const node of nodes)
    for (const piece of node.querySelectorAll<HTMLElement>("[data-change]")) {
      const number = piece.dataset.change!;
      byNumber.set(number, [...(byNumber.get(number) ?? []), piece]);
    }
  return [...byNumber].sort(([a], [b]) => Number(a) - Number(b)).map(([, pieces]) => pieces);
}

/** Scrolls the list, and the page only as far as needed to show the list's place. */
export function scrollInto(list: HTMLElement, piece: HTMLElement, place: "top" | "near"): void {
  const outer = list.getBoundingClientRect();
  const inner = piece.getBoundingClientRect();
  if (place === "top") list.scrollTop += inner.top - outer.top;
  else if (inner.top < outer.top || inner.bottom > outer.bottom)
    list.scrollTop += inner.top - outer.top - outer.height / 3;
  if (place === "near") piece.scrollIntoView?.({ block: "nearest" });
}
