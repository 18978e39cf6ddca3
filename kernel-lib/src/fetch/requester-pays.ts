import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { AwsV4Signer } from "aws4fetch";
import { writeWhole } from "../disk/files.js";
import { ConfigurationError } from "../errors.js";
import { md5Of } from "./archives.js";
import { fileAddress } from "./bucket.js";
import type { Courier, Request } from "../http/courier.js";
import { download, dropPart } from "../http/download.js";
import { MANIFEST, readManifest, type ArchiveEntry } from "./manifest.js";
import { PassingError, StatusError } from "../http/problems.js";
import { tooLarge } from "./problems.js";
import type { Server } from "../http/server.js";

/**
 * Amazon's price for data that leaves its network, in dollars for 10⁹ bytes, after the first 100 GB of a month
 * (https://aws.amazon.com/s3/pricing/, first 10 TB from us-east-1). Inside that region it costs nothing.
 */
const DOLLARS_PER_GB = 0.09;

const REGION = "us-east-1";
const MANIFEST_LIMIT = 64 * 2 ** 20;

/** What a download from arXiv's bucket costs who asks. */
export interface Cost {
  archives: number;
  bytes: number;
  /** At most, see {@link DOLLARS_PER_GB}. */
  dollars: number;
}

/** Archives that are to be there. */
export interface ArchiveOrder {
  /** As `2401`. */
  months: readonly string[];
  /** Where the archives go, and stay. */
  folder: string;
}

/** How requests to a bucket that the asker pays for are signed. @throws {ConfigurationError} without keys in the environment */
function payingRequest(env = process.env): Request {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new ConfigurationError(
      "arXiv's bucket is paid for by who downloads: put the keys of your Amazon account in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where there is one).",
    );
  return {
    async sign(url) {
      const signer = new AwsV4Signer({
        url: url.href,
        headers: { "x-amz-request-payer": "requester" },
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
        service: "s3",
        region: REGION,
      });
      const { headers } = await signer.sign();
      return Object.fromEntries(headers);
    },
  };
}

/**
 * Downloads the archives of some months that are not there yet, each checked by its MD5, with the manifest beside them.
 * @param agree asked before anything is paid for but the manifest, a few megabytes
 * @throws {ConfigurationError} when there is no agreement to the cost, a month has no archives, or the keys are refused
 */
export async function downloadArchives(
  courier: Courier,
  server: Server,
  order: ArchiveOrder,
  agree: (cost: Cost) => Promise<boolean>,
): Promise<void> {
  const request = payingRequest();
  const { missing, manifest } = await missingArchives(courier, server, order, request);
  const { months, folder } = order;
  if (missing.length > 0 && !(await agree(costOf(missing))))
    throw new ConfigurationError(
      `Nothing was downloaded of ${months.join(", ")}: ${costText(costOf(missing))} was not agreed to.`,
    );
  await writeWhole(join(folder, MANIFEST), manifest);
  for (const entry of missing) {
    const part = join(folder, `.${entry.name}.part`);
    const what = {
      server,
      url: fileAddress(server, entry.key),
      part,
      name: entry.name,
      limit: entry.bytes,
      tooLarge: () => tooLarge(entry.name, entry.bytes),
      request,
    };
    await download(courier, what, async () => {
      if ((await md5Of(part, courier.signal)) !== entry.md5)
        throw new PassingError(`${entry.name} was damaged on the way`);
    });
    await rename(part, join(folder, entry.name));
    await dropPart(part);
  }
}

/** What {@link downloadArchives} would cost, and how many papers are in what it would download. */
export async function priceArchives(
  courier: Courier,
  server: Server,
  order: ArchiveOrder,
): Promise<Cost & { papers: number }> {
  const { missing } = await missingArchives(courier, server, order, payingRequest());
  return { ...costOf(missing), papers: missing.reduce((sum, entry) => sum + entry.papers, 0) };
}

function costOf(missing: readonly ArchiveEntry[]): Cost {
  const bytes = missing.reduce((sum, entry) => sum + entry.bytes, 0);
  return { archives: missing.length, bytes, dollars: (bytes / 1e9) * DOLLARS_PER_GB };
}

/** `3 archives, 1.6 GB, up to $0.15` */
export function costText({ archives, bytes, dollars }: Cost): string {
  return `${archives} ${archives === 1 ? "archive" : "archives"}, ${(bytes / 1e9).toFixed(1)} GB, up to $${dollars.toFixed(2)} for the transfer`;
}

async function missingArchives(
  courier: Courier,
  server: Server,
  { months, folder }: ArchiveOrder,
  request: Request,
): Promise<{ missing: ArchiveEntry[]; manifest: Buffer }> {
  const url = fileAddress(server, `src/${MANIFEST}`);
  const manifest = await courier
    .fetchWhole(server, url, MANIFEST_LIMIT, (bytes) => bytes, request)
    .catch((error: unknown) => {
      throw error instanceof StatusError ? refused(server, error) : error;
    });
  const wanted = readManifest(manifest, url).filter(({ month }) => months.includes(month));
  const without = months.filter((month) => !wanted.some((entry) => entry.month === month));
  if (without.length > 0) throw new ConfigurationError(`arXiv has no archives of ${without.join(", ")}.`);
  const sizes = await Promise.all(
    wanted.map(async ({ name }) => (await stat(join(folder, name)).catch(() => null))?.size),
  );
  return { missing: wanted.filter((entry, i) => sizes[i] !== entry.bytes), manifest };
}

function refused({ name }: Server, { status, text }: StatusError): ConfigurationError {
  const code = /<Code>(\w{1,50})</.exec(text)?.[1];
  return new ConfigurationError(
    `${name} answered ${status}${code === undefined ? "" : ` (${code})`}. Are the keys right, and may they ask buckets that the asker pays for?`,
  );
}
