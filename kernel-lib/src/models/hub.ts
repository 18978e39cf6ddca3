/**
 * What the hub's own clients ask of it (https://huggingface.co/docs/hub/api): the commit of a branch, the files at that
 * commit with their digests, and the files themselves, which come from where it redirects to.
 */
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { ConfigurationError } from "../errors.js";
import type { Courier, Request } from "../http/courier.js";
import { PassingError, ServerAwayError, StatusError } from "../http/problems.js";
import type { Server } from "../http/server.js";
import { isCommit } from "./places.js";

export interface Hub {
  server: Server;
  /** Sends the token, where there is one, to the hub and to no other host. */
  request: Request;
  /** Whether there is a token. */
  known: boolean;
}

/** A file of a repository. */
export interface HubFile {
  path: string;
  bytes: number;
  /** Digest of a large file, in hex. */
  sha256: string | null;
  /** Git's name for the content of a small one (SHA-1 of it behind a header). */
  blob: string;
}

const PUBLIC = "https://huggingface.co";

/**
 * The hub of the environment: HF_ENDPOINT names a mirror, HF_TOKEN is shown to it.
 * @throws {ConfigurationError} where HF_HUB_OFFLINE forbids to ask, or the token would travel unencrypted
 */
export function hubOf(env: NodeJS.ProcessEnv = process.env): Hub {
  if (/^(1|on|true|yes)$/i.test(env["HF_HUB_OFFLINE"] ?? ""))
    throw new ConfigurationError(
      "HF_HUB_OFFLINE is set, so the hub is not asked. Unset it, or bring the model's folder: figloom models add FOLDER --as NAME.",
    );
  const base = (env["HF_ENDPOINT"] || PUBLIC).replace(/\/+$/, "");
  const url = URL.canParse(base) ? new URL(base) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new ConfigurationError(`"${base}" (HF_ENDPOINT) is no http or https address.`);
  if (url.username || url.password)
    throw new ConfigurationError("HF_ENDPOINT holds a password, which would end up in records and messages.");
  const token = env["HF_TOKEN"]?.trim();
  if (token && !/^[\x21-\x7e]+$/.test(token))
    throw new ConfigurationError("HF_TOKEN is no token: it has characters that none has.");
  if (token && url.protocol === "http:" && !/^(127\.|localhost$|\[::1\]$)/.test(url.hostname))
    throw new ConfigurationError(
      `HF_TOKEN is not sent unencrypted to ${url.host}: name an https address in HF_ENDPOINT, or unset HF_TOKEN.`,
    );
  return {
    server: { name: url.host, base, interval: 500, unpaced: true },
    request: token ? { sign: () => Promise.resolve({ authorization: `Bearer ${token}` }) } : {},
    known: Boolean(token),
  };
}

const MOST_LIST_BYTES = 16 * 1024 * 1024;
/** Pages of a list of files; the hub gives a thousand files on each. */
const MOST_PAGES = 50;

const revisionSchema = z.object({ sha: z.string().refine(isCommit) });
const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().int().nonnegative().optional(),
    oid: z.string(),
    lfs: z
      .object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() })
      .nullish(),
  }),
);

/** The commit that a branch, tag or commit means at present. */
export async function commitOf(courier: Courier, hub: Hub, id: string, revision: string): Promise<string> {
  const url = `${hub.server.base}/api/models/${id}/revision/${encodeURIComponent(revision)}`;
  const { sha } = await courier.fetchWhole(
    hub.server,
    url,
    MOST_LIST_BYTES,
    (bytes) => parsed(revisionSchema, bytes, url),
    hub.request,
  );
  return sha;
}

/** All files of a repository at a commit. */
export async function filesAt(courier: Courier, hub: Hub, id: string, commit: string): Promise<HubFile[]> {
  const files: HubFile[] = [];
  const { origin } = new URL(hub.server.base);
  let url: string | null = `${hub.server.base}/api/models/${id}/tree/${commit}?recursive=true&expand=false`;
  for (let pages = 0; url !== null; pages++) {
    if (pages === MOST_PAGES)
      throw new ServerAwayError(`${hub.server.name} lists files of ${id} without end.`);
    const asked: string = url;
    const read = (bytes: Buffer, headers: IncomingHttpHeaders) => ({
      entries: parsed(treeSchema, bytes, asked),
      next: nextPage(headers.link, asked),
    });
    const { entries, next } = await courier.fetchWhole(hub.server, asked, MOST_LIST_BYTES, read, hub.request);
    for (const { type, path, size, oid, lfs } of entries)
      if (type === "file")
        files.push({ path, bytes: lfs?.size ?? size ?? 0, sha256: lfs?.oid ?? null, blob: oid });
    if (next !== null && new URL(next).origin !== origin)
      throw new ServerAwayError(`${hub.server.name} continues its list of files at another server.`);
    url = next;
  }
  return files;
}

/** @param path one of those that are read, which need no escapes */
export const fileAddress = (hub: Hub, id: string, commit: string, path: string): string =>
  `${hub.server.base}/${id}/resolve/${commit}/${path}`;

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer, url: string): T {
  try {
    return schema.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    throw new PassingError(`${new URL(url).host} gave something else than what its API promises`);
  }
}

/** RFC 8288: `<https://…>; rel="next"`. */
function nextPage(link: string | string[] | undefined, base: string): string | null {
  const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(String(link ?? "")) ?? [];
  return target !== undefined && URL.canParse(target, base) ? new URL(target, base).href : null;
}

/** What a failed request means for who wants the model, as an error that says what to do; any other error as it is. */
export function hubProblem(error: unknown, id: string, { server, known }: Hub): unknown {
  const problem = (text: string) => new ConfigurationError(text, { cause: error });
  const later = "What was fetched is kept; start the same again to go on.";
  const passing = (text: string) => new Error(`${id} could not be fetched: ${text}`, { cause: error });
  if (error instanceof PassingError) return passing(`${error.message}. ${later}`);
  if (error instanceof ServerAwayError) return passing(error.message);
  if (!(error instanceof StatusError)) return error;
  const { status, headers } = error;
  const code = headers["x-error-code"];
  const page = `${server.base}/${id}`;
  if (code === "GatedRepo")
    return problem(
      known
        ? `${id} is given only to those who agreed to its terms: agree at ${page} with the account of HF_TOKEN.`
        : `${id} is given only to those who agreed to its terms: agree at ${page}, and set HF_TOKEN to a token of that account.`,
    );
  if (code === "RevisionNotFound") return problem(`${id} has no such revision on ${server.name}.`);
  if (status === 401 && known && code !== "RepoNotFound")
    return problem(`${server.name} does not take the token in HF_TOKEN.`);
  if (status === 401 || status === 403 || code === "RepoNotFound")
    return problem(
      known
        ? `${server.name} has no ${id}, or not for the account of HF_TOKEN.`
        : `${server.name} has no ${id}, or only for those with a token (HF_TOKEN).`,
    );
  if (status === 404)
    return problem(`${server.name} has no ${id}, or not the file that was asked for: ${page}.`);
  return passing(`${error.message}. ${later}`);
}
