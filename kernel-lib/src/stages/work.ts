import type { Settled } from "../dataset/quarantine.js";
import type { LedgerEntries } from "../dataset/schema.js";
import type { Reader } from "../dataset/query.js";
import type { QuarantineLine } from "../model.js";
import type { ReaderSpec } from "../ocr/spec.js";
import type { ScorerSpec } from "../scores/scorer.js";
import type { RateBasis, Stage } from "./stage.js";

/** The stages that a run can have. Their results are rows of the dataset, and need no person in between. */
export type RunStageName = "ingest" | "ocr" | "recaption" | "score";

/** What is to be done, as plain JSON: it travels to workers on other machines. Paths are absolute. */
export type StageSpec =
  | {
      stage: "ingest";
      /** Lines of JSON with `paper_id`, `path` and `pdf`, sorted by `paper_id`. */
      sources: string;
      discipline: string | null;
      /** The user's metadata file; `null` for those that lie beside the papers. */
      metadata: string | null;
      layout: string | null;
    }
  | {
      stage: "ocr";
      reader: ReaderSpec;
      /** The {@link TextReader.id} that it has to have, wherever it is made anew. @default any */
      id?: string;
      where: string | null;
      limit: number | null;
      retryFailed: boolean;
    }
  | {
      stage: "recaption";
      /** A prompt's file and the model that is asked; `null` for the extractive captioner. */
      ask: { prompt: string; model: string } | null;
      where: string | null;
      limit: number | null;
      retryFailed: boolean;
    }
  | {
      stage: "score";
      metric: string;
      scorer: ScorerSpec;
      /** The {@link Scorer.id} that it has to have, wherever it is made anew. @default any */
      id?: string;
      /** `raw` or a variant; `null` for all. */
      variant: string | null;
      where: string | null;
      limit: number | null;
    };

/** Which part of a stage's items, in their fixed order. */
export type ShardRange =
  /** Papers by id, both included; `limit` for the last of a limited run. */
  | { first: string; last: string; limit?: number }
  /** Bytes of the file of sources. */
  | { start: number; end: number };

/** A part of a stage's items that is done by one worker at a time. */
export interface Shard {
  /** Eight digits: names sort by range. */
  id: string;
  /** Items in it when it was planned. */
  items: number;
  range: ShardRange;
}

/**
 * A stage's work on a dataset, apart from who does it: a cell on all of its items, or a worker on a shard of them. It
 * knows what the items are, which of them are done, and what is stored of a result; not where that goes.
 */
export interface StageWork<In = unknown, Out = unknown, S extends RunStageName = RunStageName> {
  readonly name: S;
  readonly stage: Stage<In, Out>;
  /** What its results are filed under: the variant of captions, the metric of scores, the reader of texts. */
  readonly shelf: string | null;
  /** Items at work at the same time. */
  readonly concurrency: number;
  /** Whether text that is read off pictures makes its results others. @default false */
  readonly readsText?: boolean | undefined;
  /** What its rate goes by. */
  readonly basis: RateBasis;
  /** How many items there are; `null` where that is not known beforehand. */
  count(reader: Reader): Promise<number | null>;
  /** Cuts the items into shards of about `size`, in order. Streams: memory does not grow with the dataset. */
  shards(reader: Reader, size: number): AsyncIterable<Shard>;
  /** The items, or those of a shard. */
  items(reader: Reader, range?: ShardRange): AsyncIterable<In>;
  /** The input file that an item comes from. */
  file(item: In): string;
  /** The name that an item's problems are filed under in the quarantine. */
  subject(item: In): string;
  /** How the dataset knows the item to have ended. @param failedWith what the quarantine says of {@link subject} */
  isDone(item: In, failedWith: string | null): "done" | "failed" | null;
  /**
   * What to store of a result: a line of the ledger (`null` where the dataset has it already), and the problems that
   * turned up with it, by subject; a subject without lines has none any more. `reused` where it was made before, in a
   * trial for example.
   */
  outcome(item: In, result: Out): { entry: LedgerEntries[S] | null; settled: Settled[]; reused: boolean };
  /** What to store of a failure. */
  failure(item: In, line: QuarantineLine, error: unknown): Settled[];
  /** Tokens that an item will probably take; `null` where none are counted. */
  predict?(item: In): number | null;
  /** What it waits for just now. */
  note?(): string | undefined;
  close(): Promise<void>;
}
