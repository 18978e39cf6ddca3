import { RunWriter, type Check, type RunInfo } from "./runs.js";
import type { LedgerEntries, StageName } from "./schema.js";

/** Bytes of a ledger that is followed by the next: sealing it takes seconds, reading it unsealed not much longer. */
export const LEDGER_BYTES = 256 * 2 ** 20;

/**
 * Writes the results of one piece of work as runs that follow one another: as soon as one's ledger is long it is sealed
 * while the next goes on, so that neither sealing nor reading what is unsealed grows with the work. For the holder of
 * the dataset's lock.
 */
export class RunSequence<S extends StageName> {
  readonly #start: () => Promise<RunWriter<S>>;
  readonly #ledgerBytes: number;
  /** No result, no run: work that finds everything done leaves no trace. */
  #run: Promise<RunWriter<S>> | undefined;
  #sealing: Promise<void> = Promise.resolve();
  #broken: { error: unknown } | null = null;

  constructor(
    folder: string,
    about: Pick<RunInfo, "stage_version" | "shelf" | "figloom_version"> & { stage: S },
    { ledgerBytes = LEDGER_BYTES, check = () => undefined }: { ledgerBytes?: number; check?: Check } = {},
  ) {
    this.#start = () => RunWriter.start(folder, about, check);
    this.#ledgerBytes = ledgerBytes;
  }

  /**
   * Resolves when the result is on the disk: from then on no crash loses it.
   * @throws also what an earlier run could not be sealed for
   */
  async append(entry: LedgerEntries[S]): Promise<void> {
    if (this.#broken) throw this.#broken.error;
    const run = await (this.#run ??= this.#start());
    const appended = run.append(entry);
    if (run.bytes >= this.#ledgerBytes && run === (await this.#run)) this.#sealInBackground(run);
    await appended;
  }

  /** Seals what is left; nothing can be appended afterwards. */
  async seal(): Promise<void> {
    const last = this.#run;
    this.#run = undefined;
    await this.#sealing;
    if (last) await (await last).seal();
    if (this.#broken) throw this.#broken.error;
  }

  #sealInBackground(run: RunWriter<S>): void {
    this.#run = undefined;
    this.#sealing = this.#sealing
      .then(() => run.seal())
      .catch((error: unknown) => {
        this.#broken ??= { error };
      });
  }
}
