/** The changes of a drawn diff, in reading order: for each the elements that belong to it, in one or two columns. */
export function findChanges(list: HTMLElement): HTMLElement[][] {
  return [...list.querySelectorAll<HTMLElement>(".figloom-diff-item")].flatMap((item) => {
    const byNumber = new Map<string, HTMLElement[]>();
    for (const piece of item.querySelectorAll<HTMLElement>("[data-change]")) {
      const number = piece.dataset.change!;
      byNumber.set(number, [...(byNumber.get(number) ?? []), piece]);
    }
    return [...byNumber].sort(([a], [b]) => Number(a) - Number(b)).map(([, pieces]) => pieces);
  });
}
