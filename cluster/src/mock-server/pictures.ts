/** Pictures as the server reads them: really decoded, and held against the `uuid` that they came under. */
import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { ApiError, ERRORS } from "./errors.js";
import type { Settings } from "./options.js";

export interface PicturePart {
  url: string | null;
  uuid: string | null;
}

export interface Picture {
  sha: string;
  width: number;
  height: number;
  /** One true sentence about its pixels. */
  remark: string;
}

/** A picture that came under the `uuid` of another. */
export interface WrongPicture {
  id: string;
  uuid: string;
  sha: string;
}

export interface PictureListener {
  wrong(picture: WrongPicture): void;
  /** Called for each picture; `known` when its bytes were seen before. */
  read(known: boolean): void;
}

/** vLLM's `VLLM_MAX_IMAGE_PIXELS`. */
const MAX_PIXELS = 178_956_970;
/** How many pictures are remembered by their hash, so that they need not be decoded again. */
const REMEMBERED = 20_000;
/** What Pillow reads and sharp too; sharp would also draw SVG and PDF. */
const FORMATS = new Set(["png", "jpeg", "webp", "gif", "tiff", "jp2", "ppm"]);

export class PictureReader {
  readonly #settings: Pick<Settings, "allowedLocalMediaPath" | "decode" | "wrongPictures">;
  readonly #seen = new Map<string, Promise<Picture>>();
  readonly #listener: PictureListener;

  constructor(
    settings: Pick<Settings, "allowedLocalMediaPath" | "decode" | "wrongPictures">,
    listener: PictureListener,
  ) {
    this.#settings = settings;
    this.#listener = listener;
  }

  /**
   * Always hashes the bytes; decodes those that it has not seen.
   * @throws {ApiError} for what vLLM would not take, and for a `uuid` that is not the bytes' SHA-256
   */
  async read({ url, uuid }: PicturePart, id: string): Promise<Picture> {
    if (url === null) {
      const seen = uuid === null ? undefined : this.#seen.get(uuid);
      if (seen === undefined) throw new ApiError(ERRORS.notCached(0));
      return seen;
    }
    const bytes = await this.#bytes(url);
    const sha = createHash("sha256").update(bytes).digest("hex");
    if (uuid !== null && uuid !== sha) {
      this.#listener.wrong({ id, uuid, sha });
      if (this.#settings.wrongPictures === "refuse") throw new ApiError(ERRORS.wrongPicture(uuid, sha));
    }
    return this.#remembered(sha, () => inspect(bytes, sha, this.#settings.decode));
  }

  async #bytes(url: string): Promise<Buffer> {
    if (/^data:/i.test(url)) return fromDataUrl(url);
    if (/^file:/i.test(url)) return this.#file(url);
    if (!/^https?:/i.test(url))
      throw new ApiError(ERRORS.badValue("The URL must be either a HTTP, data or file URL."));
    if (!URL.canParse(url)) throw new ApiError(ERRORS.urlMalformed(url));
    throw new ApiError(ERRORS.urlFailed(new URL(url).host));
  }

  async #file(url: string): Promise<Buffer> {
    const allowed = this.#settings.allowedLocalMediaPath;
    if (allowed === null) throw new ApiError(ERRORS.filesOff());
    const path = pathOf(url, allowed);
    const file = await realpath(path).catch(() => path);
    const folder = await realpath(allowed).catch(() => allowed);
    if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep))
      throw new ApiError(ERRORS.fileOutside(path, folder));
    try {
      return await readFile(file);
    } catch {
      throw new ApiError(ERRORS.fileMissing(path));
    }
  }

  #remembered(sha: string, read: () => Promise<Picture>): Promise<Picture> {
    const seen = this.#seen;
    const known = seen.get(sha);
    this.#listener.read(known !== undefined);
    const picture = known ?? read();
    if (known) seen.delete(sha);
    else picture.catch(() => undefined);
    seen.set(sha, picture);
    if (seen.size > REMEMBERED) seen.delete(seen.keys().next().value!);
    return picture;
  }
}

function pathOf(url: string, allowed: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new ApiError(ERRORS.fileOutside(url, allowed));
  }
}

/** RFC 2397, base64 only. The type that it names is not trusted. */
function fromDataUrl(url: string): Buffer {
  const comma = url.indexOf(",");
  if (comma < 0)
    throw new ApiError(ERRORS.badValue(`Invalid data URL '${url.slice(0, 32)}': missing ',' separator.`));
  if (!url.slice(0, comma).endsWith(";base64")) throw new ApiError(ERRORS.notBase64());
  const bytes = Buffer.from(url.slice(comma + 1), "base64");
  const letters = url.length - comma - 1;
  const padding = url.endsWith("==") ? 2 : url.endsWith("=") ? 1 : 0;
  if (letters % 4 !== 0 || bytes.length !== (letters / 4) * 3 - padding)
    throw new ApiError(ERRORS.badBase64());
  return bytes;
}

async function inspect(bytes: Buffer, sha: string, decode: "pixels" | "header"): Promise<Picture> {
  const { width, height } = await sizeOf(bytes);
  if (width * height > MAX_PIXELS) throw new ApiError(ERRORS.huge(width * height, MAX_PIXELS));
  const size = `The picture is ${width} × ${height} pixels`;
  if (decode === "header") return { sha, width, height, remark: `${size}.` };
  try {
    return { sha, width, height, remark: `${size}, ${await look(bytes)}.` };
  } catch {
    throw new ApiError(ERRORS.truncated());
  }
}

async function sizeOf(bytes: Buffer): Promise<{ width: number; height: number }> {
  try {
    const { format, autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (FORMATS.has(format)) return autoOrient;
  } catch {
    /* not a picture */
  }
  throw new ApiError(ERRORS.undecodable());
}

/** How light it is, and how many colours it has, of 4096 that are told apart. */
async function look(bytes: Buffer): Promise<string> {
  const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "truncated" })
    .resize(96, 96, { fit: "inside", withoutEnlargement: true, kernel: "nearest" })
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const colours = new Set<number>();
  let light = 0;
  for (let at = 0; at < data.length; at += info.channels) {
    const [red, green, blue] = [data[at]!, data[at + 1] ?? data[at]!, data[at + 2] ?? data[at]!];
    colours.add(((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4));
    light += 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  const mean = light / (data.length / info.channels);
  const tone = mean > 170 ? "mostly light" : mean < 85 ? "mostly dark" : "of middling brightness";
  return `${tone}, with ${colours.size} ${colours.size === 1 ? "colour" : "colours"}`;
}
