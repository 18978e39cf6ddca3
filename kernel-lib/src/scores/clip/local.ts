import { findPicture } from "../../captions/vllm/media/file.js";
import { ConfigurationError, ItemError } from "../../errors.js";
import { findModel, type ModelFolder } from "../../models/find.js";
import { identityOf } from "../../models/identity.js";
import { Batches } from "../../models/onnx/batches.js";
import type { EmbeddedText } from "../../models/onnx/clip-messages.js";
import { askedDevice } from "../../models/onnx/device.js";
import { ModelProcess, ProcessEnded, type ModelProcessOptions } from "../../models/onnx/process.js";
import { Once } from "../../once.js";
import type { Embedder } from "./embedder.js";

/** Pictures that are computed together, and texts. */
const PICTURES = 16;
const TEXTS = 64;

/** A CLIP or SigLIP on this machine, see {@link ModelProcess}. */
export function localEmbedder(model: string, options: ModelProcessOptions = {}): Embedder {
  return new LocalEmbedder(model, { ...options, device: options.device ?? askedDevice() });
}

class LocalEmbedder implements Embedder {
  readonly concurrency = 4 * PICTURES;
  readonly device: string;
  #found: { model: ModelFolder; process: ModelProcess<"clip"> } | undefined;
  readonly #identified = new Once<void>();
  /** Every item asks whether it is ready. */
  readonly #loaded = new Once<unknown>();
  #folder = "";
  readonly #pictures: Batches<string, Float32Array | { unreadable: string }>;
  readonly #texts: Batches<string, EmbeddedText>;

  constructor(
    private readonly name: string,
    private readonly options: ModelProcessOptions & Required<Pick<ModelProcessOptions, "device">>,
  ) {
    this.device = options.device;
    this.#pictures = new Batches(
      async (images, signal) => {
        const reply = await this.#known.process.ask({ images }, signal);
        return "images" in reply ? reply.images : [];
      },
      { size: PICTURES },
    );
    this.#texts = new Batches(
      async (texts, signal) => {
        const reply = await this.#known.process.ask({ texts }, signal);
        return "texts" in reply ? reply.texts : [];
      },
      { size: TEXTS },
    );
  }

  get id(): string {
    return identityOf(this.#known.model);
  }

  async identify({ signal }: { signal?: AbortSignal | undefined }): Promise<void> {
    await this.#identified.get(() => this.#find(signal));
  }

  async #find(signal: AbortSignal | undefined): Promise<void> {
    const model = await findModel(this.name, "clip", signal ? { signal } : {});
    this.#found = { model, process: new ModelProcess("clip", model.folder, this.options) };
  }

  async ready({ signal, folder }: { signal: AbortSignal; folder: string }): Promise<void> {
    await this.identify({ signal });
    this.#folder = folder;
    await this.#loaded.get(() => this.#known.process.load(signal));
  }

  async image(path: string, { signal }: { signal: AbortSignal }): Promise<Float32Array> {
    const { real } = await findPicture(path, this.#folder);
    const made = await this.#pictures.add(real, signal).catch((error: unknown) => {
      throw error instanceof ProcessEnded ? deadly(`The picture ${path}`, error) : error;
    });
    if (made instanceof Float32Array) return made;
    throw new ItemError({
      reason: "picture-unreadable",
      message: `The picture ${path} cannot be read: ${made.unreadable}.`,
      wayOut: "Ingest its paper again.",
    });
  }

  async texts(texts: readonly string[], { signal }: { signal: AbortSignal }): Promise<EmbeddedText[]> {
    return Promise.all(texts.map((text) => this.#texts.add(text, signal))).catch((error: unknown) => {
      throw error instanceof ProcessEnded ? deadly("A text", error) : error;
    });
  }

  async close(): Promise<void> {
    this.#found?.process.close();
    this.#loaded.forget();
    return Promise.resolve();
  }

  get #known(): { model: ModelFolder; process: ModelProcess<"clip"> } {
    if (this.#found) return this.#found;
    throw new ConfigurationError(`Which model "${this.name}" is, is not known before identify() was called.`);
  }
}

const deadly = (what: string, ended: ProcessEnded): ItemError =>
  new ItemError({
    reason: "model-process-ended",
    message: `${what} could not be embedded: the model's process ended over it (${ended.message}).`,
    wayOut: "Look whether memory is short, then start again; a figure that does it again is to be left out.",
    transient: true,
    cause: ended,
  });
