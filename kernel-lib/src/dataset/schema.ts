/** The dataset's tables: their columns as DuckDB types, written down once. Column names are the model's field names. */
import type {
  Context,
  Embedding,
  Figure,
  Judgement,
  Likeness,
  Mark,
  Measurement,
  Panel,
  Paper,
  Paragraph,
  PictureText,
  Provenance,
  Recaption,
  Score,
  TextLine,
  TrialCaption,
} from "../model.js";

/** Raised when a column changes its meaning; a dataset of another version is refused. */
export const SCHEMA_VERSION = 1;

/** What every stored row also knows: where it came from. */
interface Stored {
  /** The run that made it. Runs sort by age: of two rows with the same identity the later run's counts. */
  run: string;
  /** Identity of the work that gave this row, see `keys.ts`. */
  result_key: string;
}

/** A figure as it is stored. */
export interface StoredFigure extends Figure {
  /** Position among the paper's floats, from 0. */
  ordinal: number;
  /** Name of the layout reader that says where in a PDF the picture stands; `null` where figloom itself, or no PDF, does. */
  layout_reader: string | null;
}

/** A paper as it is stored. */
export interface StoredPaper extends Paper {
  /** What could not be followed in its source, one sentence each. */
  warnings: string[];
}

/** Names and types of a record's columns: the compiler insists that none is forgotten. */
type Columns<T> = { readonly [Field in keyof T]-?: string };

const struct = (columns: Record<string, string>): string =>
  `STRUCT(${Object.entries(columns)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(", ")})`;

const PARAGRAPH: Columns<Paragraph> = { text: "VARCHAR", section: "VARCHAR" };

const CONTEXT: Columns<Context> = {
  text: "VARCHAR",
  section: "VARCHAR",
  paragraph: "INTEGER",
  sentences: "INTEGER[][]",
};

const PANEL: Columns<Panel> = {
  panel_id: "VARCHAR",
  label: "VARCHAR",
  number: "VARCHAR",
  caption: "VARCHAR",
  caption_source: "VARCHAR",
  graphics: "VARCHAR[]",
  row: "INTEGER",
};

const PROVENANCE: Columns<Provenance> = {
  file: "VARCHAR",
  start: "INTEGER",
  end: "INTEGER",
  line: "INTEGER",
  page: "INTEGER",
  bbox: "DOUBLE[]",
};

const PAPER: Columns<StoredPaper> = {
  paper_id: "VARCHAR",
  kind: "VARCHAR",
  source: "VARCHAR",
  source_sha256: "VARCHAR",
  title: "VARCHAR",
  abstract: "VARCHAR",
  discipline: "VARCHAR",
  categories: "VARCHAR[]",
  licence: "VARCHAR",
  arxiv_id: "VARCHAR",
  doi: "VARCHAR",
  paragraphs: `${struct(PARAGRAPH)}[]`,
  warnings: "VARCHAR[]",
};

const FIGURE: Columns<StoredFigure> = {
  figure_id: "VARCHAR",
  paper_id: "VARCHAR",
  ordinal: "INTEGER",
  kind: "VARCHAR",
  float: "VARCHAR",
  environment: "VARCHAR",
  label: "VARCHAR",
  number: "VARCHAR",
  caption: "VARCHAR",
  caption_source: "VARCHAR",
  graphics: "VARCHAR[]",
  panels: `${struct(PANEL)}[]`,
  contexts: `${struct(CONTEXT)}[]`,
  provenance: struct(PROVENANCE),
  confidence: "DOUBLE",
  image_origin: "VARCHAR",
  image_path: "VARCHAR",
  width: "INTEGER",
  height: "INTEGER",
  sha256: "VARCHAR",
  phash: "VARCHAR",
  image_missing: "VARCHAR",
  layout_reader: "VARCHAR",
};

const RECAPTION: Columns<Recaption> = {
  figure_id: "VARCHAR",
  variant: "VARCHAR",
  text: "VARCHAR",
  captioner: "VARCHAR",
  captioner_version: "INTEGER",
  prompt_id: "VARCHAR",
  prompt_hash: "VARCHAR",
  model: "VARCHAR",
  sampling: "VARCHAR",
  finish_reason: "VARCHAR",
  prompt_tokens: "INTEGER",
  completion_tokens: "INTEGER",
  seconds: "DOUBLE",
  attempts: "INTEGER",
  detail: "VARCHAR",
};

const TRIAL: Columns<TrialCaption> = { ...RECAPTION, repeat: "INTEGER" };

const SCORE: Columns<Score> = {
  figure_id: "VARCHAR",
  metric: "VARCHAR",
  caption: "VARCHAR",
  value: "DOUBLE",
  scorer: "VARCHAR",
  scorer_version: "INTEGER",
  truncated: "DOUBLE",
  detail: "VARCHAR",
};

const EMBEDDING: Columns<Embedding> = {
  figure_id: "VARCHAR",
  caption: "VARCHAR",
  sha256: "VARCHAR",
  model: "VARCHAR",
  vector: "FLOAT[]",
};

const TEXT_LINE: Columns<TextLine> = {
  text: "VARCHAR",
  box: "FLOAT[]",
  angle: "SMALLINT",
  confidence: "FLOAT",
};

const PICTURE_TEXT: Columns<PictureText> = {
  figure_id: "VARCHAR",
  sha256: "VARCHAR",
  reader: "VARCHAR",
  text: "VARCHAR",
  lines: `${struct(TEXT_LINE)}[]`,
};

const MEASUREMENT: Columns<Measurement> = {
  figure_id: "VARCHAR",
  figure_run: "VARCHAR",
  image_bytes: "INTEGER",
  image_problem: "VARCHAR",
  entropy: "DOUBLE",
  colours: "INTEGER",
  content: "DOUBLE",
  signature: "VARCHAR",
  words: "INTEGER",
  prose: "DOUBLE",
  commands: "INTEGER",
  language: "VARCHAR",
};

const LIKENESS: Columns<Likeness> = { first: "VARCHAR", second: "VARCHAR", likeness: "DOUBLE" };

const MARK: Columns<Mark> = {
  flag: "VARCHAR",
  reason: "VARCHAR",
  value: "DOUBLE",
  limit: "DOUBLE",
  of: "VARCHAR",
};

const JUDGEMENT: Columns<Judgement> = {
  figure_id: "VARCHAR",
  figure_run: "VARCHAR",
  language: "VARCHAR",
  marks: `${struct(MARK)}[]`,
};

const STORED: Columns<Stored> = { run: "VARCHAR", result_key: "VARCHAR" };

/** The columns of each table, in order. */
export const TABLES = {
  papers: { ...PAPER, ...STORED },
  figures: { ...FIGURE, ...STORED },
  recaptions: { ...RECAPTION, ...STORED },
  trials: { ...TRIAL, ...STORED },
  scores: { ...SCORE, ...STORED },
  embeddings: { ...EMBEDDING, ...STORED },
  picture_texts: { ...PICTURE_TEXT, ...STORED },
  measurements: { ...MEASUREMENT, ...STORED },
  likenesses: { ...LIKENESS, ...STORED },
  judgements: { ...JUDGEMENT, ...STORED },
} as const satisfies Record<string, Record<string, string>>;
export type TableName = keyof typeof TABLES;

/** One line of an ingest's ledger: a paper and its figures stand or fall together. */
export interface PaperEntry {
  key: string;
  paper: StoredPaper;
  figures: StoredFigure[];
  /** Text layers of pictures that were drawn from a PDF. @default none */
  texts?: PictureText[];
}
/** One line of a recaption's ledger. */
export interface RecaptionEntry {
  key: string;
  recaption: Recaption;
}
/** One line of a trial's ledger. */
export interface TrialEntry {
  key: string;
  trial: TrialCaption;
}
/** One line of a score's ledger: all that was measured of a caption stands or falls together. */
export interface ScoreEntry {
  key: string;
  scores: Score[];
  embeddings: Embedding[];
}
/** One line of the ledger of a reader of pictures. */
export interface PictureTextEntry {
  key: string;
  picture_text: PictureText;
}
/** Lines of the ledgers of a check: it measures figures, compares pictures and judges. */
export interface MeasurementEntry {
  key: string;
  measurement: Measurement;
}
export interface LikenessEntry {
  key: string;
  likeness: Likeness;
}
export interface JudgementEntry {
  key: string;
  judgement: Judgement;
}
export interface LedgerEntries {
  ingest: PaperEntry;
  recaption: RecaptionEntry;
  tune: TrialEntry;
  score: ScoreEntry;
  ocr: PictureTextEntry;
  measure: MeasurementEntry;
  compare: LikenessEntry;
  judge: JudgementEntry;
}
export type StageName = keyof LedgerEntries;

interface LedgerSchema {
  /** Columns of a ledger line. */
  columns: Record<string, string>;
  /** For each table that the stage fills: the query that takes its rows (without `run`) out of ledger lines. */
  rows: Partial<Record<TableName, (lines: string) => string>>;
}

/** How each stage's ledger becomes rows of tables. */
export const LEDGERS: Record<StageName, LedgerSchema> = {
  ingest: {
    columns: {
      key: "VARCHAR",
      paper: struct(PAPER),
      figures: `${struct(FIGURE)}[]`,
      texts: `${struct(PICTURE_TEXT)}[]`,
    },
    rows: {
      papers: (lines) => `SELECT key AS result_key, unnest(paper) FROM ${lines}`,
      figures: (lines) =>
        `SELECT result_key, unnest(figure) FROM (SELECT key AS result_key, unnest(figures) AS figure FROM ${lines})`,
      picture_texts: (lines) =>
        `SELECT result_key, unnest(picture_text) FROM (SELECT key AS result_key, unnest(texts) AS picture_text FROM ${lines})`,
    },
  },
  recaption: {
    columns: { key: "VARCHAR", recaption: struct(RECAPTION) },
    rows: { recaptions: (lines) => `SELECT key AS result_key, unnest(recaption) FROM ${lines}` },
  },
  tune: {
    columns: { key: "VARCHAR", trial: struct(TRIAL) },
    rows: { trials: (lines) => `SELECT key AS result_key, unnest(trial) FROM ${lines}` },
  },
  score: {
    columns: { key: "VARCHAR", scores: `${struct(SCORE)}[]`, embeddings: `${struct(EMBEDDING)}[]` },
    rows: {
      scores: (lines) =>
        `SELECT result_key, unnest(score) FROM (SELECT key AS result_key, unnest(scores) AS score FROM ${lines})`,
      embeddings: (lines) =>
        `SELECT result_key, unnest(embedding) FROM (SELECT key AS result_key, unnest(embeddings) AS embedding FROM ${lines})`,
    },
  },
  ocr: {
    columns: { key: "VARCHAR", picture_text: struct(PICTURE_TEXT) },
    rows: { picture_texts: (lines) => `SELECT key AS result_key, unnest(picture_text) FROM ${lines}` },
  },
  measure: {
    columns: { key: "VARCHAR", measurement: struct(MEASUREMENT) },
    rows: { measurements: (lines) => `SELECT key AS result_key, unnest(measurement) FROM ${lines}` },
  },
  compare: {
    columns: { key: "VARCHAR", likeness: struct(LIKENESS) },
    rows: { likenesses: (lines) => `SELECT key AS result_key, unnest(likeness) FROM ${lines}` },
  },
  judge: {
    columns: { key: "VARCHAR", judgement: struct(JUDGEMENT) },
    rows: { judgements: (lines) => `SELECT key AS result_key, unnest(judgement) FROM ${lines}` },
  },
};
