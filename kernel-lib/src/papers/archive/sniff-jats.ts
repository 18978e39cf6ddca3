import { decodeXml } from "../decode.js";

/** How much of a file is looked at, in bytes; an article's front matter begins well within it. */
const HEAD = 16_384;
/** What articles are wrapped in by PubMed Central's services. */
const WRAPPERS = new Set(["pmc-articleset", "OAI-PMH"]);

/**
 * Whether a file is a JATS (or NLM) article: its first element is `article`, and JATS's public name or its front
 * matter follows; or it is PubMed Central's answer that holds one. DocBook, whose root has the same name, has neither.
 */
export function isJats(bytes: Buffer): boolean {
  const head = decodeXml(bytes.subarray(0, HEAD));
  if (!/^\ufeff?\s*</.test(head)) return false;
  // A subset of declarations may push the first element out of sight.
  if (/<!DOCTYPE\s+article\s+PUBLIC\s+["']-\/\/NLM\/\/DTD/.test(head)) return true;
  const root = /<((?:[\w.-]+:)?[A-Za-z][\w.-]*)[\s/>]/.exec(withoutComments(head));
  const name = root?.[1]?.replace(/^.*:/, "") ?? "";
  if (WRAPPERS.has(name)) return /<(?:[\w.-]+:)?article[\s>]/.test(head);
  if (name !== "article") return false;
  return /-\/\/NLM\/\/DTD|\bJATS\b|<(?:[\w.-]+:)?(?:front|body)[\s>]/.test(head);
}

function withoutComments(text: string): string {
  let kept = "";
  for (let at = 0; ;) {
    const open = text.indexOf("<!--", at);
    if (open < 0) return kept + text.slice(at);
    kept += text.slice(at, open);
    const close = text.indexOf("-->", open + 4);
    if (close < 0) return kept;
    at = close + 3;
  }
}
