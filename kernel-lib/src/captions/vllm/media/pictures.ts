import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { ConfigurationError } from "../../../errors.js";
import type { Figure } from "../../../model.js";
import { Allowance, type Share } from "./allowance.js";
import { base64Length, toBase64 } from "./base64.js";
import { findPicture, readPicture, type PictureFile } from "./file.js";
import { MAX_PIXELS, MIN_PIXELS } from "./image-tokens.js";
import { makePicture, makingBytes } from "./make.js";
import { fitsAsItIs, predictPicture } from "./plan.js";
import { pngSize } from "./png-size.js";
import { Scratch } from "./scratch.js";

export interface PicturesOptions {
  /**
   * Bytes of pictures that are held at once, from reading to {@link PreparedPicture.release}. A picture that takes more
   * goes alone.
   * @default 256 MiB
   */
  maxBytesInFlight?: number;
}

export interface PrepareOptions {
  /** The dataset's folder; a picture outside of it is refused. */
  folder: string;
  /** Whether servers read files of that folder: then no bytes are sent, only where they stand. @default false */
  shared?: boolean;
  /** Most pixels that the model is to see. */
  max_pixels: number;
  /** Goes before all that are not urgent. @default false */
  urgent?: boolean;
  signal: AbortSignal;
}

/** A figure's picture, and what its record says of it. */
export type GivenPicture = Pick<Figure, "sha256" | "width" | "height"> & {
  /** Absolute. */
  path: string;
};

/** A picture on its way to a server. */
export interface PreparedPicture {
  /** Where the server finds it, or the bytes for a data URL: the two parts stand one behind the other. */
  readonly source:
    | { readonly kind: "file"; readonly url: string }
    | { readonly kind: "data"; readonly prefix: string; readonly base64: Buffer };
  /** SHA-256 of the bytes that the model sees, hex. */
  readonly uuid: string;
  /** Pixels, as sent. */
  readonly width: number;
  readonly height: number;
  /** Tokens that the server makes of it, vision marks not counted. */
  readonly tokens: number;
  /** Bytes held until it is released. */
  readonly bytes: number;
  /** Lets go of bytes and files; to be called once the answer is there. The second time it does nothing. */
  release(): void;
}

/** A picture that is sent as it is filed. */
export type FiledPicture = Pick<PreparedPicture, "source" | "bytes" | "release">;

/** Prepares figures' pictures for sending; memory stays within its limit, whoever asks for how many. */
export class Pictures {
  readonly #bytes: Allowance;
  /** Files are read, decoded and encoded by threads: more at once than cores gain nothing. */
  readonly #threads = new Allowance(Math.max(4, availableParallelism()));
  readonly #scratch = new Map<string, Scratch>();

  constructor({ maxBytesInFlight = 256 * 2 ** 20 }: PicturesOptions = {}) {
    if (!(maxBytesInFlight > 0))
      throw new ConfigurationError(
        `maxBytesInFlight is ${maxBytesInFlight}: give a number of bytes above 0.`,
      );
    this.#bytes = new Allowance(maxBytesInFlight);
  }

  /** Bytes that are held now. */
  get bytesInFlight(): number {
    return this.#bytes.used;
  }

  /**
   * Prepares a picture. The dataset's own file goes as it is where it is the one that was ingested and within the budget
   * of pixels; any other is decoded and made anew (see `plan.ts`). Waits while too many bytes are in flight.
   *
   * @throws {ItemError} `image-missing`, `image-outside`, `image-unreadable`, `image-empty`, `image-too-large`,
   *   `image-not-recognised`, `image-corrupt`, `image-too-slow`
   * @throws {ConfigurationError} when `max_pixels` is out of range, or the dataset cannot be written to
   * @throws the signal's reason when it is aborted
   */
  async prepare(picture: GivenPicture, options: PrepareOptions): Promise<PreparedPicture> {
    checkMaxPixels(options.max_pixels);
    options.signal.throwIfAborted();
    const file = await findPicture(picture.path, options.folder);
    const usual = isWithin(picture, options.max_pixels) ? await this.#asItIs(file, picture, options) : null;
    return usual ?? this.#anew(file, options);
  }

  /**
   * Prepares a picture to be sent as it is filed, whatever its size: for models that shrink pictures by a rule of their
   * own, which a copy that was shrunk before would bend. Waits while too many bytes are in flight.
   * @param path absolute
   * @throws {ItemError} as {@link prepare} does for the file
   * @throws the signal's reason when it is aborted
   */
  async filed(path: string, options: Omit<PrepareOptions, "max_pixels">): Promise<FiledPicture> {
    options.signal.throwIfAborted();
    const file = await findPicture(path, options.folder);
    if (options.shared)
      return {
        source: { kind: "file", url: pathToFileURL(file.path).href },
        bytes: 0,
        release: () => undefined,
      };
    return this.#holding(file.size + base64Length(file.size), options, async (share) => {
      const source = dataOf("png", await readPicture(file), share);
      return { source, bytes: share.amount, release: () => share.release() };
    });
  }

  /** Removes what it wrote. Pictures that are still in flight are no longer to be found. */
  async close(): Promise<void> {
    await Promise.all([...this.#scratch.values()].map((scratch) => scratch.close()));
  }

  /** `null` when the file is not what its record says. */
  #asItIs(
    file: PictureFile,
    { sha256, width, height }: GivenPicture,
    options: PrepareOptions,
  ): Promise<PreparedPicture | null> {
    return this.#holding(file.size + base64Length(file.size), options, async (share) => {
      const bytes = await readPicture(file);
      const size = pngSize(bytes);
      if (size?.width !== width || size?.height !== height || sha256Of(bytes) !== sha256) return null;
      const about = { uuid: sha256, ...predictPicture(size!, options.max_pixels) };
      if (options.shared) {
        share.release();
        return prepared(about, { kind: "file", url: pathToFileURL(file.path).href }, share);
      }
      return prepared(about, dataOf("png", bytes, share), share);
    });
  }

  #anew(file: PictureFile, options: PrepareOptions): Promise<PreparedPicture> {
    const { max_pixels, shared, folder } = options;
    // A strip on its sheet may have more pixels than the budget, see `fit`.
    const most = file.size + makingBytes(Math.max(max_pixels, 4 * MIN_PIXELS));
    return this.#holding(most, options, async (share) => {
      const { bytes, type, width, height } = await makePicture(
        await readPicture(file),
        file.path,
        max_pixels,
      );
      const about = { uuid: sha256Of(bytes), ...predictPicture({ width, height }, max_pixels) };
      if (!shared) return prepared(about, dataOf(type, bytes, share), share);
      const scratch = this.#scratchOf(folder);
      const path = await scratch.write(`${about.uuid}.${type === "png" ? "png" : "jpg"}`, bytes);
      share.release();
      return prepared(about, { kind: "file", url: pathToFileURL(path).href }, share, () =>
        scratch.remove(path),
      );
    });
  }

  /**
   * Does work that holds so many bytes at most, on a thread. Where it gives nothing, fails, or comes too late, they are
   * given back.
   */
  async #holding<T extends FiledPicture | null>(
    bytes: number,
    { signal, urgent = false }: Omit<PrepareOptions, "max_pixels">,
    work: (share: Share) => Promise<T>,
  ): Promise<T> {
    const share = await this.#bytes.take(bytes, { signal, urgent });
    const working = (async () => {
      const thread = await this.#threads.take(1, { signal, urgent });
      try {
        return await work(share);
      } finally {
        thread.release();
      }
    })();
    working.then(
      (made) => {
        if (signal.aborted) made?.release();
        if (!made) share.release();
      },
      () => share.release(),
    );
    return untilAborted(working, signal);
  }

  #scratchOf(folder: string): Scratch {
    const known = this.#scratch.get(folder) ?? new Scratch(folder);
    this.#scratch.set(folder, known);
    return known;
  }
}

/** Whether the record, which may be a stranger's, says that the picture can go as it is. */
function isWithin({ sha256, width, height }: GivenPicture, max_pixels: number): boolean {
  if (sha256 === null || width === null || height === null || !(width >= 1 && height >= 1)) return false;
  return fitsAsItIs({ width, height }, max_pixels);
}

function checkMaxPixels(max_pixels: number): void {
  if (!(max_pixels >= MIN_PIXELS && max_pixels <= MAX_PIXELS))
    throw new ConfigurationError(
      `max_pixels is ${max_pixels}: give a number from ${MIN_PIXELS} (64 tokens) to ${MAX_PIXELS} (16,384 tokens).`,
    );
}

const sha256Of = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

function dataOf(type: "png" | "jpeg", bytes: Buffer, share: Share): PreparedPicture["source"] {
  const base64 = toBase64(bytes);
  share.shrink(base64.length);
  return { kind: "data", prefix: `data:image/${type};base64,`, base64 };
}

function prepared(
  { uuid, width, height, tokens }: Pick<PreparedPicture, "uuid" | "width" | "height" | "tokens">,
  source: PreparedPicture["source"],
  share: Share,
  remove?: () => Promise<void>,
): PreparedPicture {
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    share.release();
    // A file that cannot be removed now goes with its folder.
    remove?.().catch(() => undefined);
  };
  return { source, uuid, width, height, tokens, bytes: share.amount, release };
}

/** The promise's value; rejects at once when the signal is aborted. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
