import { join } from "node:path";
import { mapNames, rowsPath } from "./maps.js";
import { reviewFiles } from "./reviews/log.js";
import { reviewStatements } from "./reviews/sql.js";
import { ledgerFiles, listRuns } from "./runs.js";
import { LEDGERS, TABLES, type TableName } from "./schema.js";
import { inRange, ledgerRows, list, oneOf, type TextRange } from "./sql.js";

/** What makes the views that a reader offers, and the files they read. */
export interface ViewPlan {
  statements: string[];
  files: string[];
}

type PerTable = Record<TableName, string[]>;

const NAMES = Object.keys(TABLES) as TableName[];

/** Lays all runs of a dataset over each other: sealed ones by their Parquet, others by their ledger. */
export async function planViews(folder: string): Promise<ViewPlan> {
  const perTable = () => Object.fromEntries(NAMES.map((name) => [name, []])) as unknown as PerTable;
  const [sealed, unsealed] = [perTable(), perTable()];
  const ledgers: string[] = [];
  for (const run of await listRuns(folder)) {
    if (run.sealed) {
      for (const table of NAMES) {
        const file = run.files[table];
        if (file) sealed[table].push(join(folder, file));
      }
      continue;
    }
    const files = await ledgerFiles(folder, run.run);
    if (files.length === 0) continue;
    ledgers.push(...files);
    for (const table of Object.keys(LEDGERS[run.stage].rows) as TableName[])
      unsealed[table].push(ledgerRows(table, run.stage, run.run, files, { live: true }));
  }
  const reviews = await reviewFiles(folder);
  const maps = (await mapNames(folder)).map((name) => rowsPath(folder, name));
  return {
    statements: [
      ...NAMES.flatMap((table) => stored(table, sealed[table], unsealed[table])),
      ...reviewStatements(reviews),
      ...VIEWS,
      mapsView(maps),
    ],
    files: [...NAMES.flatMap((table) => sealed[table]), ...ledgers, ...maps, ...reviews],
  };
}

/** Places of figures in two dimensions, of all maps; see `maps/`. */
function mapsView(files: string[]): string {
  const none = `SELECT ''::VARCHAR AS map, ''::VARCHAR AS made, ''::VARCHAR AS figure_id, ''::VARCHAR AS figure_run,
    0::FLOAT AS x, 0::FLOAT AS y, []::FLOAT[] AS components WHERE false`;
  const rows = files.length === 0 ? "" : ` UNION ALL BY NAME SELECT * FROM read_parquet(${list(files)})`;
  return `CREATE VIEW maps AS ${none}${rows}`;
}

/** `stored_<table>`: every row of every run. The empty table gives names and types, also to a dataset without rows. */
function stored(table: TableName, sealed: string[], unsealed: string[]): string[] {
  const columns = Object.entries(TABLES[table]).map(([name, type]) => `"${name}" ${type}`);
  const parts = [`SELECT * FROM empty_${table}`, ...unsealed];
  if (sealed.length > 0) parts.push(`SELECT * FROM read_parquet(${list(sealed)}, union_by_name = true)`);
  return [
    `CREATE TABLE empty_${table} (${columns.join(", ")})`,
    `CREATE VIEW stored_${table} AS ${parts.join(" UNION ALL BY NAME ")}`,
  ];
}

/** Of several rows with the same identity, the one of the latest run. */
const latest = (table: TableName, identity: string): string =>
  `SELECT * FROM stored_${table} QUALIFY row_number() OVER (PARTITION BY ${identity} ORDER BY run DESC) = 1`;

/** Where the view `figures` takes its rows from: `FROM` may be followed by each. */
const WHOLE = { figures: "stored_figures", papers: "papers", judgements: "judgements" };

/**
 * Figures with their papers' data and what is said about them. A paper that was read again brings all its figures anew: those of
 * earlier runs are gone with it, and what was judged about them.
 */
const figuresFrom = ({ figures, papers, judgements }: typeof WHOLE): string =>
  `SELECT figure.*, paper.title, paper.abstract, paper.discipline, paper.categories, paper.licence,
          paper.arxiv_id, paper.doi, paper.source, judgement.language,
          [mark.flag FOR mark IN judgement.marks] AS flags, len(judgement.marks) > 0 AS flagged, judgement.marks,
          review.verdict, coalesce(review.tags, []) AS tags, review.reviewed_at
   FROM ${figures} AS figure JOIN ${papers} AS paper USING (paper_id, run)
   LEFT JOIN ${judgements} AS judgement
     ON judgement.figure_id = figure.figure_id AND judgement.figure_run = figure.run
   LEFT JOIN reviews AS review ON review.figure_id = figure.figure_id`;

/** Some figures and their papers. */
export interface Some {
  figure_ids: readonly string[];
  paper_ids: readonly string[];
}

/**
 * What the view `figures` has of some figures. A condition on the view does not reach all that it is joined of, and much of the
 * dataset would be read for one figure.
 */
export function figuresAmong({ figure_ids, paper_ids }: Some): string {
  const of = (table: string, condition: string) => `(SELECT * FROM ${table} WHERE ${condition})`;
  const [papers, these] = [oneOf("paper_id", paper_ids), oneOf("figure_id", figure_ids)];
  return figuresFrom({
    figures: of(WHOLE.figures, `${papers} AND ${these}`),
    papers: of(WHOLE.papers, papers),
    judgements: of(WHOLE.judgements, these),
  });
}

/** The figures of a range of papers. */
export interface FigureSpan {
  papers: TextRange;
  /** From the least to the greatest id of a figure of theirs; ids of others may stand between them. */
  figures: TextRange;
}

/** What the view `figures` has of a range of papers, reading little else where the files are about in the order of papers. */
export function figuresIn({ papers, figures }: FigureSpan): string {
  const of = (table: string, condition: string) => `(SELECT * FROM ${table} WHERE ${condition})`;
  return figuresFrom({
    figures: of(WHOLE.figures, inRange("paper_id", papers)),
    papers: of(WHOLE.papers, inRange("paper_id", papers)),
    judgements: of(WHOLE.judgements, inRange("figure_id", figures)),
  });
}

const VIEWS = [
  `CREATE VIEW papers AS ${latest("papers", "paper_id")}`,
  `CREATE VIEW measurements AS ${latest("measurements", "figure_id")}`,
  `CREATE VIEW likenesses AS ${latest("likenesses", "first, second")}`,
  `CREATE VIEW judgements AS ${latest("judgements", "figure_id")}`,
  `CREATE VIEW figures AS ${figuresFrom(WHOLE)}`,
  `CREATE VIEW recaptions AS ${latest("recaptions", "figure_id, variant")}`,
  `CREATE VIEW trials AS ${latest("trials", "result_key")}`,
  `CREATE VIEW scores AS ${latest("scores", "figure_id, metric, caption")}`,
  `CREATE VIEW picture_texts AS ${latest("picture_texts", "figure_id")}`,
  `CREATE VIEW embeddings AS ${latest("embeddings", "figure_id, caption, model")}`,
];
