import { z } from "zod";
import type { VisionModel } from "../captions/vision-model.js";
import { ConfigurationError } from "../errors.js";
import { nameAnywhere } from "../models/find.js";
import { ppocr } from "./ppocr/ppocr.js";
import type { TextReader } from "./reader.js";
import { tesseract } from "./tesseract/tesseract.js";
import { vllmReader } from "./vllm/vllm.js";

const NAME = z.string().min(1).max(4096);

/** What each reader takes, by its kind. */
const SPECS = {
  tesseract: z.strictObject({ kind: z.literal("tesseract") }),
  ppocr: z.strictObject({
    kind: z.literal("ppocr"),
    /** Name or folder of the models. @default `ppocr-v4` */
    model: NAME.transform(nameAnywhere).optional(),
  }),
  vllm: z.strictObject({
    kind: z.literal("vllm"),
    /** Name that the servers know the model by. @default the only one that they serve */
    model: NAME.optional(),
    /** Base URLs of the servers. @default those of FIGLOOM_ENDPOINTS, else a fleet's */
    endpoints: z.array(NAME).min(1).optional(),
  }),
};

export type ReaderKind = keyof typeof SPECS;

/** What makes a reader of the text on pictures anew in another process, as plain JSON: which one, and what it reads by. */
export type ReaderSpec = z.output<(typeof SPECS)[ReaderKind]>;

export const READER_KINDS = Object.keys(SPECS) as readonly ReaderKind[];

/** A reader, the name of one with its defaults, or what makes one anew. */
export type AskedReader = ReaderKind | ReaderSpec | TextReader;

/** What is the process's own, and changes nothing about what is read. */
export interface ReaderMeans {
  /** Pictures that are read at the same time on this machine. @default as many as there are processors */
  jobs?: number | undefined;
  /** Whom a reader asks that asks a model, in place of connecting itself; it stays open when the reader is closed. */
  on?: VisionModel | undefined;
}

/**
 * The spec that a name or JSON stands for.
 * @throws {ConfigurationError} for a reader that there is not, or options that it does not take
 */
export function readerSpec(asked: unknown): ReaderSpec {
  const raw = typeof asked === "string" ? { kind: asked } : asked;
  const kind: unknown = (raw as { kind?: unknown } | null | undefined)?.kind;
  const known = READER_KINDS.find((each) => each === kind);
  if (known === undefined)
    throw new ConfigurationError(
      `There is no reader of text on pictures "${String(kind)}"; there is: ${READER_KINDS.join(", ")}.`,
    );
  const { data, error } = SPECS[known].safeParse(raw);
  if (!error) return data;
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  throw new ConfigurationError(`The reader "${known}" is not right: ${[...path, message].join(": ")}.`);
}

/**
 * A reader as it was asked for.
 * @throws {ConfigurationError} as {@link readerSpec}, and for an address that is none
 */
export function readerOf(asked: AskedReader, { jobs, on }: ReaderMeans = {}): TextReader {
  if (typeof asked === "object" && "read" in asked) return asked;
  const spec = readerSpec(asked);
  switch (spec.kind) {
    case "tesseract":
      return tesseract({ jobs });
    case "ppocr":
      return ppocr({ model: spec.model });
    case "vllm":
      return vllmReader({ model: spec.model, endpoints: spec.endpoints, on });
  }
}
