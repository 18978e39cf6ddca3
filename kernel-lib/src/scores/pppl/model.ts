import { ConfigurationError } from "../../errors.js";
import { findModel, type ModelFolder } from "../../models/find.js";
import { identityOf } from "../../models/identity.js";
import { askedDevice } from "../../models/onnx/device.js";
import type { MaskedLmAbout, TokenizedText } from "../../models/onnx/masked-lm-messages.js";
import { ModelProcess, type ModelProcessOptions } from "../../models/onnx/process.js";
import { Once } from "../../once.js";
import type { Reader } from "./fluency.js";
import { Rounds } from "./rounds.js";

interface Found {
  model: ModelFolder;
  process: ModelProcess<"masked-lm">;
  rounds: Rounds;
}

/** A masked language model on this machine that many captions ask at the same time, see {@link ModelProcess}. */
export class MaskedModel {
  readonly device;
  readonly #name: string;
  readonly #options: ModelProcessOptions;
  #found: Found | undefined;
  readonly #identified = new Once<void>();

  constructor(name: string, options: ModelProcessOptions = {}) {
    this.#name = name;
    this.device = options.device ?? askedDevice();
    this.#options = { ...options, device: this.device };
  }

  get id(): string {
    return identityOf(this.#known.model);
  }

  /** One look at the model for all who ask at the same time. */
  async identify({ signal }: { signal?: AbortSignal | undefined }): Promise<void> {
    await this.#identified.get(() => this.#find(signal));
  }

  async #find(signal: AbortSignal | undefined): Promise<void> {
    const model = await findModel(this.#name, "masked-lm", signal ? { signal } : {});
    const process = new ModelProcess("masked-lm", model.folder, this.#options);
    const rounds = new Rounds(async (copies, signal) => {
      const reply = await process.ask({ copies }, signal);
      return "logProbabilities" in reply ? reply.logProbabilities : unexpected();
    });
    this.#found = { model, process, rounds };
  }

  async ready(signal: AbortSignal): Promise<MaskedLmAbout> {
    await this.identify({ signal });
    return this.#known.process.load(signal);
  }

  async tokenize(texts: readonly string[], signal: AbortSignal): Promise<TokenizedText[]> {
    const reply = await this.#known.process.ask({ texts }, signal);
    return "texts" in reply ? reply.texts : unexpected();
  }

  /** Has copies read for one caption. */
  reader({ room, special }: MaskedLmAbout, signal: AbortSignal): Reader {
    const { rounds } = this.#known;
    return { room, special, logProbabilities: (copies) => rounds.logProbabilities(copies, signal) };
  }

  close(): void {
    this.#found?.process.close();
  }

  get #known(): Found {
    if (this.#found) return this.#found;
    throw new ConfigurationError(
      `Which model "${this.#name}" is, is not known before identify() was called.`,
    );
  }
}

function unexpected(): never {
  throw new Error("the model's process answered something else than it was asked");
}
