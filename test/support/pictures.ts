import type { Locator } from "playwright-core";

/** Selects the figures' pictures in the views; the lightbox has its own. */
export const PICTURE = ".figloom-thumb";

/** Selects those that stand there, decoded. */
export const DRAWN_PICTURE = `${PICTURE}[data-drawn]`;

/** Waits until every picture of a part of the page is drawn that has its place in it. */
export async function picturesDrawn(part: Locator): Promise<void> {
  await part
    .page()
    .waitForFunction(
      ({ node, picture, drawn }) =>
        [...node!.querySelectorAll(picture)].every(
          (one) => one.matches(drawn) || one.getClientRects().length === 0,
        ),
      { node: await part.elementHandle(), picture: PICTURE, drawn: DRAWN_PICTURE },
    );
}
