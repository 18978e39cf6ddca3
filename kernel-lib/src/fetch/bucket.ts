import { errorText } from "../errors.js";
import { childAt, childrenOf, rawText } from "../papers/jats/elements.js";
import { parseXml, type Element } from "../papers/jats/xml.js";
import type { Courier, Request } from "../http/courier.js";
import { PassingError } from "../http/problems.js";
import type { Server } from "../http/server.js";

/** A file in an S3 bucket. */
export interface BucketFile {
  key: string;
  bytes: number;
  /** MD5 of the content, hex, where the bucket's ETag is one: files that were uploaded in parts have none. */
  md5: string | null;
}

const PAGE_LIMIT = 16 * 2 ** 20;
/** Pages of a thousand keys. */
const MAX_PAGES = 1000;

/** Address of a file in a bucket. */
export function fileAddress(server: Server, key: string): string {
  return `${server.base}/${key.split("/").map(encodeURIComponent).join("/")}`;
}

/** The files whose key begins with `prefix` (ListObjectsV2). */
export async function* listBucket(
  courier: Courier,
  server: Server,
  prefix: string,
  request?: Request,
): AsyncGenerator<BucketFile> {
  let token: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({ "list-type": "2", prefix });
    if (token !== null) query.set("continuation-token", token);
    const root = await courier.fetchWhole(server, `${server.base}/?${query}`, PAGE_LIMIT, readList, request);
    for (const file of childrenOf(root, "Contents")) {
      const text = (name: string) => rawText(childAt(file, name) ?? EMPTY).trim();
      const etag = text("ETag").replaceAll('"', "");
      yield { key: text("Key"), bytes: Number(text("Size")), md5: /^[0-9a-f]{32}$/.test(etag) ? etag : null };
    }
    const next = childAt(root, "NextContinuationToken");
    token = next && rawText(next);
    if (token === null) return;
  }
}

const EMPTY = { children: [] } as unknown as Element;

function readList(bytes: Buffer): Element {
  try {
    const { root } = parseXml(bytes, "The list of files");
    if (root?.name === "ListBucketResult") return root;
  } catch (error) {
    throw new PassingError(`the list of files cannot be read (${errorText(error)})`);
  }
  throw new PassingError("something else came in place of a list of files");
}
