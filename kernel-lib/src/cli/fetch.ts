import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { readQuarantine } from "../dataset/quarantine.js";
import { ConfigurationError, errorText } from "../errors.js";
import { LICENCES } from "../fetch/licences.js";
import { costText, type Cost } from "../fetch/requester-pays.js";
import { fetchPapers, planFetch, type FetchOptions } from "../lab/fetch.js";
import { DISCIPLINES, type Discipline } from "../model.js";
import { answer, cancellable, JSON_OPTION, judge, wholeNumber } from "./options.js";

interface Flags extends Pick<
  FetchOptions,
  "out" | "limit" | "pdf" | "refresh" | "contact" | "maxSize" | "pace"
> {
  ids?: string;
  category?: string[];
  discipline?: Discipline;
  from?: string;
  until?: string;
  licence?: string[];
  metadata?: string;
  archives?: string;
  s3?: string;
  yes?: boolean;
  dryRun?: boolean;
  maxFailed?: number;
  json?: boolean;
}

export function fetchCommand(): Command {
  return new Command("fetch")
    .description(
      "Get papers' sources from arXiv and PubMed Central, politely, with what is known about them.",
    )
    .argument("[id...]", "arXiv or PMC ids, or addresses of the papers' pages")
    .requiredOption("--out <dir>", "folder for the papers; made where there is none")
    .optionsGroup("Which papers:")
    .option("--ids <file>", "more ids, one a line; - for standard input")
    .option("--category <list>", "of these arXiv categories or archives, e.g. astro-ph.GA,hep-th", list)
    .option("--discipline <name>", `of a discipline: ${DISCIPLINES.join(", ")}`)
    .option("--from <day>", "first submitted on this day or later, e.g. 2024-01-01")
    .option("--until <day>", "first submitted on this day or before")
    .option("--licence <list>", `only under these: ${LICENCES.join(", ")}`, list)
    .option("--limit <n>", "at most so many papers", wholeNumber(1))
    .option(
      "--metadata <file>",
      "what is known about papers, as arXiv's snapshot has it; asked in place of arXiv",
    )
    .optionsGroup("How:")
    .option("--pdf", "the PDF, too, beside the source")
    .option("--refresh", "fetch again what is there")
    .option("--max-size <mib>", "largest file that is taken, in MiB (default: 512)", wholeNumber(1))
    .option("--contact <address>", "e-mail or web address by which the servers' operators can reach you")
    .option("--pace <seconds>", "time between two requests to a server, where it is to be longer", Number)
    .option("--dry-run", "say what would be fetched and how long it takes; fetch nothing")
    .option("--max-failed <n>", "exit with 1 when more papers fail", wholeNumber(0))
    .option(...JSON_OPTION)
    .optionsGroup("arXiv's bulk archives:")
    .option("--archives <dir>", "take papers from the archives here, in place of the network")
    .option("--s3 <months>", "first buy the archives of these months from arXiv's bucket, e.g. 2312..2402")
    .option("--yes", "agree to what they cost")
    .addHelpText(
      "after",
      `
By id, or by the address of the page; PMC ids stand for articles of PubMed Central's open-access subset:
  figloom fetch 1703.09824 2107.00144v2 hep-th/9901001 --out papers
  figloom fetch https://arxiv.org/abs/1703.09824 PMC3531190 --out papers
  figloom fetch --ids ids.txt --pdf --out papers

By category or discipline, the days of the first version, and the licence; first only to see how many there are:
  figloom fetch --category astro-ph.GA --from 2024-01-01 --until 2024-01-31 --licence cc-by --dry-run --out papers
  figloom fetch --category astro-ph.GA --from 2024-01-01 --until 2024-01-31 --licence cc-by --limit 100 --out papers
  figloom fetch --discipline Astronomy --from 2024-01-01 --licence cc-by,cc0 --out papers

Out of arXiv's archives on the disk, by its metadata snapshot; or out of those of a month that are bought first:
  figloom fetch --archives arxiv-src --metadata arxiv-metadata-oai-snapshot.json --discipline Physics --out papers
  figloom fetch --archives arxiv-src --s3 2401 --category hep-th --from 2024-01-01 --dry-run --out papers

Then:
  figloom ingest papers --out data/astronomy

One request at a time, to arXiv one in three seconds, as its terms ask: a thousand papers take 50 minutes. What is
there is not fetched again; after an interruption start the same command. Beside the papers, metadata.jsonl has their
titles, abstracts, categories and licences, as 'figloom ingest' reads them; quarantine/fetch.jsonl says what could not
be had, why, and what to do. Exit code 1 when nothing that was asked for could be had.

arXiv lists papers by the day of their last change, so the list since an early month is long; it is read once and
kept. Archives are arXiv_src_2401_001.tar and so on, checked by arXiv_src_manifest.xml beside them. What archives from
the bucket cost is said before they are downloaded.

FIGLOOM_CONTACT stands for --contact; AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN pay for --s3.
FIGLOOM_ARXIV_OAI, FIGLOOM_ARXIV_EPRINTS, FIGLOOM_PMC and FIGLOOM_ARXIV_S3 name mirrors; they may be asked at any
--pace. FIGLOOM_CACHE is where the time of the last request is kept (default: ~/.cache/figloom).`,
    )
    .action(async (ids: string[], flags: Flags) => {
      const { ids: file, category, discipline, from, until, licence, ...rest } = flags;
      const { dryRun, maxFailed, json, yes, ...means } = rest;
      const options = { ...means, agree: yes ?? askOnTerminal() };
      const selection = {
        ids: [...ids, ...(file === undefined ? [] : await readIds(file))],
        ...(category && { categories: category }),
        ...(discipline !== undefined && { discipline }),
        ...(from !== undefined && { from }),
        ...(until !== undefined && { until }),
        ...(licence && { licences: licence }),
      };
      if (dryRun) {
        answer(await cancellable((signal) => planFetch(selection, { ...options, signal })), { json });
        return;
      }
      const result = await cancellable((signal) => fetchPapers(selection, { ...options, signal }));
      const quarantine = () => readQuarantine(options.out);
      if (!json && options.archives === undefined && !(options.contact ?? process.env.FIGLOOM_CONTACT))
        console.error(
          "The servers' operators could not reach you; name a contact: --contact or FIGLOOM_CONTACT.",
        );
      await judge({ path: options.out, quarantine }, "fetch", result.quarantined, maxFailed);
      if (result.papers === 0 && result.quarantined > 0) process.exitCode = 1;
      answer(result, { json });
    });
}

/** Asks whoever sits at the terminal whether the cost is right; where nobody does, nobody agrees. */
function askOnTerminal(): false | ((cost: Cost) => Promise<boolean>) {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  return async (cost) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await terminal.question(`\n${costText(cost)}. Download them? [y/N] `)).trim());
    } finally {
      terminal.close();
    }
  };
}

const list = (text: string) =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

async function readIds(file: string): Promise<string[]> {
  try {
    const text = await readFile(file === "-" ? "/dev/stdin" : file, "utf8");
    return text
      .split("\n")
      .map((line) => line.replace(/#.*$/, "").trim())
      .filter((line) => line !== "");
  } catch (error) {
    throw new ConfigurationError(`The ids cannot be read: ${errorText(error)}`);
  }
}
