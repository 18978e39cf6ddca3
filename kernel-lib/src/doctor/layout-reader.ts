import { ConfigurationError } from "../errors.js";
import { layoutChoice, troubleWith } from "../papers/pdf/layout-readers/ask.js";
import type { Finding } from "./finding.js";

/** Seconds that a server may take to answer. */
const PATIENCE = 3;

/** Asks the layout reader of `FIGLOOM_LAYOUT` whether it is there; nothing is said where none is named. */
export async function examineLayoutReader({ FIGLOOM_LAYOUT: named }: NodeJS.ProcessEnv): Promise<Finding[]> {
  if (!named) return [];
  const finding = { name: "layout reader", adds: "says where figures stand on the pages of PDFs" };
  try {
    const choice = layoutChoice(named);
    const { protocol, base } = choice;
    const trouble = await troubleWith(choice, AbortSignal.timeout(PATIENCE * 1000));
    const detail = `${protocol.title} at ${base.href} ${trouble ?? "answers"}`;
    return trouble === null
      ? [{ ...finding, state: "found", detail, remedy: null }]
      : [
          {
            ...finding,
            state: "missing",
            detail,
            remedy: "start the server, or correct its address in FIGLOOM_LAYOUT",
          },
        ];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [{ ...finding, state: "missing", detail: error.message, remedy: "correct FIGLOOM_LAYOUT" }];
  }
}
