/** Datasets of millions of made-up figures, written straight as sealed Parquet: what an ingest would take days for. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import sharp from "sharp";
import { thumbPath } from "../../../kernel-lib/src/dataset/images.js";
import type { RunInfo } from "../../../kernel-lib/src/dataset/runs.js";
import {
  SCHEMA_VERSION,
  TABLES,
  type StageName,
  type TableName,
} from "../../../kernel-lib/src/dataset/schema.js";
import { list, literal } from "../../../kernel-lib/src/dataset/sql.js";
import { numberPicture } from "./picture.js";
import { randomOf, sentenceOf } from "./words.js";

export interface LargeOptions {
  figures: number;
  /**
   * `scores`: short captions, and nothing beside them but the scores, for the largest datasets; a caption takes some 400
   * characters otherwise, with two paragraphs that refer to the figure.
   * @default "whole"
   */
  content?: "whole" | "scores";
  /** Different thumbnails, which the figures share: links to so many pictures. @default 500 */
  pictures?: number;
}

/** The new captions that a large dataset has beside the raw ones. */
export const LARGE_VARIANT = "extractive";

const FIGURES_A_PAPER = 5;
const MADE = "2026-01-01T00:00:00.000Z";
/** Row groups of some 32 MiB, as sealing makes them of real figures. */
const PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384";

const DISCIPLINES =
  "['Physics', 'Astronomy', 'Biology', 'Computer Science', 'Mathematics', 'Medicine', NULL]";
/** Different sentences; figures share them. */
const SENTENCES = 1_000;

/** So many sentences that follow from `n` and `salt`, some 150 characters each. */
const text = (n: string, sentences: number, salt: number): string =>
  Array.from(
    { length: sentences },
    (_, k) => `sentences[1 + (hash(${n} + ${1_000 * salt + k}) % ${SENTENCES})::INTEGER]`,
  ).join(" || ' ' || ");

/** A number in [0, 1) that follows from `n` and `salt`. */
const share = (n: string, salt: number): string => `((hash(${n} + ${salt}) % 1000000) / 1000000.0)`;

/**
 * Makes a dataset: a million whole figures take 20 s and 200 MB, 15.5 million with scores alone some minutes and 1.5 GB.
 * Figure n is `paper-<n / 5>#fig<n % 5 + 1>` with seven digits; its metric `support` is spread evenly over 0 to 1, and
 * missing for one in fifty.
 */
export async function synthesizeLarge(
  folder: string,
  { figures, content = "whole", pictures = 500 }: LargeOptions,
): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const whole = content === "whole";
  const images = await makeThumbs(folder, pictures);
  const sentences = Array.from({ length: SENTENCES }, (_, at) => sentenceOf(at, randomOf(at)));
  await connection.run(
    `CREATE TABLE made AS SELECT ${list(images)} AS paths, ${list(sentences)} AS sentences`,
  );
  await connection.run(
    `CREATE MACRO figure_of(n) AS printf('paper-%07d#fig%d', n // ${FIGURES_A_PAPER}, n % ${FIGURES_A_PAPER} + 1)`,
  );
  const write = writer(folder, connection);
  const papers = Math.ceil(figures / FIGURES_A_PAPER);

  await write("ingest", null, {
    papers: `SELECT printf('paper-%07d', n) AS paper_id, 'latex' AS kind, paper_id || '.tar.gz' AS source, md5(paper_id) AS source_sha256,
        'Measurements of series ' || n AS title, ${whole ? text("n", 3, 1) : "NULL"} AS abstract,
        ${DISCIPLINES}[1 + (hash(n) % 7)::INTEGER] AS discipline, ['physics.ins-det'] AS categories, [] AS paragraphs, [] AS warnings,
        md5(paper_id) AS result_key
      FROM range(${papers}) AS r(n), made`,
    figures: `SELECT figure_of(n) AS figure_id, split_part(figure_id, '#', 1) AS paper_id, (n % ${FIGURES_A_PAPER})::INTEGER AS ordinal,
        'latex' AS kind, 'figure' AS float, 'figure' AS environment, 'fig:' || n AS label, (ordinal + 1)::VARCHAR AS number,
        ${whole ? `'Samples of series ' || n || ': ' || ${text("n", 2, 2)}` : "'Series ' || n"} AS caption,
        caption AS caption_source, ['1.png'] AS graphics, [] AS panels,
        ${whole ? `[{text: ${text("n", 3, 3)}, section: 'Results', paragraph: 0, sentences: [[0, 20]]}, {text: ${text("n", 2, 4)}, section: 'Discussion', paragraph: 1, sentences: [[0, 20]]}]` : "[]"} AS contexts,
        {file: 'main.tex', start: 0, "end": 1, line: 1, page: NULL, bbox: NULL} AS provenance,
        'graphics' AS image_origin, paths[1 + n % ${pictures}] AS image_path, (200 + n % 1000)::INTEGER AS width, (150 + n * 7 % 800)::INTEGER AS height, md5('' || n) || md5('picture' || n) AS sha256,
        md5(paper_id) AS result_key
      FROM range(${figures}) AS r(n), made`,
  });
  if (whole)
    await write("recaption", LARGE_VARIANT, {
      recaptions: `SELECT figure_of(n) AS figure_id, '${LARGE_VARIANT}' AS variant, ${text("n", 3, 5)} AS text,
          'extractive' AS captioner, 1 AS captioner_version, 1 AS attempts, md5('' || n) AS result_key FROM range(${figures}) AS r(n), made`,
    });
  for (const [salt, caption] of ["raw", LARGE_VARIANT].entries())
    await write("score", "support", {
      scores: `SELECT figure_of(n) AS figure_id, 'support' AS metric, '${caption}' AS caption,
          CASE WHEN hash(n + 77) % 50 > 0 THEN ${share("n", salt)} END AS value, 'support' AS scorer, 1 AS scorer_version,
          md5('' || n) AS result_key FROM range(${figures}) AS r(n)`,
    });
  await writeFile(
    join(folder, "dataset.json"),
    JSON.stringify({
      name: "large",
      schema_version: SCHEMA_VERSION,
      figloom_version: "0.0.0",
      created: MADE,
    }),
  );
  connection.closeSync();
  instance.closeSync();
}

/** What makes a thumbnail as large as those of papers' figures are, some 7 kB. */
const GRAIN = 0.1;

/** Thumbnails and no pictures: a grid needs nothing else. */
async function makeThumbs(folder: string, pictures: number): Promise<string[]> {
  const images = Array.from({ length: pictures }, (_, at) => `images/latex/undated/shared/${at}.png`);
  await mkdir(join(folder, dirname(thumbPath(images[0]!))), { recursive: true });
  for (const [at, image] of images.entries()) {
    const png = await numberPicture(at * 7919, { width: 320, height: 160 + ((at * 53) % 160) }, GRAIN);
    await writeFile(join(folder, thumbPath(image)), await sharp(png).webp().toBuffer());
  }
  return images;
}

type Write = (
  stage: StageName,
  shelf: string | null,
  tables: Partial<Record<TableName, string>>,
) => Promise<void>;

/** Writes runs, sealed. */
function writer(folder: string, connection: DuckDBConnection): Write {
  let number = 0;
  return async (stage, shelf, tables) => {
    const run = `${String(++number).padStart(6, "0")}-${stage}`;
    const files: RunInfo["files"] = {};
    for (const [table, sql] of Object.entries(tables) as [TableName, string][]) {
      const file = [table, ...(shelf ? [shelf] : []), `${run}.parquet`].join("/");
      await mkdir(join(folder, dirname(file)), { recursive: true });
      const columns = Object.entries(TABLES[table]).map(([name, type]) => `"${name}" ${type}`);
      await connection.run(`CREATE TABLE empty (${columns.join(", ")})`);
      await connection.run(
        `COPY (SELECT * FROM empty UNION ALL BY NAME SELECT *, '${run}' AS run FROM (${sql})) TO ${literal(join(folder, file))} (${PARQUET})`,
      );
      await connection.run("DROP TABLE empty");
      files[table] = file;
    }
    const info: RunInfo = {
      run,
      stage,
      stage_version: 1,
      shelf,
      figloom_version: "0.0.0",
      started: MADE,
      sealed: MADE,
      files,
    };
    await mkdir(join(folder, "runs", run), { recursive: true });
    await writeFile(join(folder, "runs", run, "run.json"), JSON.stringify(info));
  };
}
