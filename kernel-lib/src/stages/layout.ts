import type { Archive } from "../papers/archive/archive.js";
import { layoutChoice, readForeignLayout } from "../papers/pdf/layout-readers/ask.js";
import { LayoutError } from "../papers/pdf/layout-readers/problems.js";
import type { ForeignLayout } from "../papers/pdf/layout-readers/region.js";

/** A PDF's layout by the reader that the user named, or why our own has to do. */
export interface AskedLayout {
  layout?: ForeignLayout;
  /** One sentence. */
  warning?: string;
}

/** What the choice of the reader adds to a result's identity: its name; the same program elsewhere reads the same. */
export const layoutSaid = ({ layout }: { layout: string | null }): unknown[] =>
  layout === null ? [] : [{ layout: layoutChoice(layout).protocol.name }];

/**
 * Asks the layout reader for a PDF.
 * @param named as in `IngestOptions.layout`; `null` asks nobody
 * @throws {ConfigurationError} where the reader is none, is another program, or refuses the key of `FIGLOOM_LAYOUT_KEY`; the reason of
 *   `signal` when aborted
 */
export async function askedLayout(
  named: string | null,
  pdf: Archive,
  signal: AbortSignal,
): Promise<AskedLayout> {
  if (named === null) return {};
  const choice = layoutChoice(named);
  try {
    const key = process.env.FIGLOOM_LAYOUT_KEY?.trim();
    return { layout: await readForeignLayout(choice, pdf.read(pdf.paths[0]!)!, { signal, key }) };
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    const { title } = choice.protocol;
    return {
      warning: `${title} gave no layout of ${pdf.source}: ${error.message}. It was read with figloom's own.`,
    };
  }
}
