import { basename } from "node:path";
import { ingestKey } from "../dataset/keys.js";
import { clearAbandoned } from "../dataset/images.js";
import type { PaperEntry } from "../dataset/schema.js";
import { ItemError } from "../errors.js";
import type { Discipline, Paper, QuarantineLine } from "../model.js";
import type { Archive } from "../papers/archive/archive.js";
import { openArchive } from "../papers/archive/open.js";
import { pdfsIn } from "../papers/companion.js";
import { disciplineOf } from "../papers/disciplines.js";
import type { ForeignLayout } from "../papers/pdf/layout-readers/region.js";
import { readPaper } from "../papers/read-paper.js";
import { askedLayout, layoutSaid, type AskedLayout } from "./layout.js";
import type { PaperMetadata } from "./metadata.js";
import { pictured, picturedFromPdf, type Pictured, type PictureWork } from "./pictures.js";
import { quarantineLine } from "./quarantine-line.js";
import type { Stage } from "./stage.js";

/** A paper to be read. Plain data: it travels to worker threads and machines. */
export interface IngestItem {
  path: string;
  paper_id: string;
  /** The paper's PDF beside its source: pictures that the source lacks are taken from it. */
  pdf: string | null;
  /** Folder of the dataset that pictures are written to. */
  dataset: string;
  /** What the user says the papers are about. */
  discipline: Discipline | null;
  metadata: PaperMetadata | null;
  /** The reader of a PDF's layout, as in `IngestOptions.layout`; `null` for our own. */
  layout: string | null;
  /** Key of the result that the dataset has of this paper. */
  known: string | null;
}

export interface Ingested {
  entry: PaperEntry;
  /** What was refused in the paper though the paper itself was read: members of the archive, pictures. */
  problems: QuarantineLine[];
}

/** Reads a paper and renders its figures into the dataset folder; `null` when the dataset has the result already. */
export const ingestStage: Stage<IngestItem, Ingested | null> = {
  name: "ingest",
  version: 3,
  key: (item) => item.paper_id,
  async run(item, { signal }) {
    const archive = await openArchive(item.path);
    const beside = await openBeside(item);
    const isPdf = archive.form === "pdf";
    const said = [
      item.discipline,
      item.metadata,
      ...(beside.pdf ? [beside.pdf.sha256] : []),
      ...(isPdf || beside.pdf ? layoutSaid(item) : []),
    ];
    const key = ingestKey(archive.sha256, ingestStage.version, said);
    if (key === item.known) return null;
    const asked = isPdf ? await askedLayout(item.layout, archive, signal) : {};
    const reading = await readPaper(archive, { signal, layout: asked.layout });
    const warnings = [...reading.warnings];
    // Figures of a layout reader that failed are found by our own, until the next start.
    let passing = false;
    const tell = ({ warning }: AskedLayout) => {
      if (warning === undefined) return;
      warnings.push(warning);
      passing = true;
    };
    tell(asked);
    const paper = { ...completed(reading.paper, item), warnings };
    const work = { paper, archive, dataset: item.dataset, signal };
    await clearAbandoned(item.dataset, paper);
    let all: Pictured[] = [];
    for (const [ordinal, figure] of reading.figures.entries())
      all.push(
        await pictured(
          { ...figure, ordinal, layout_reader: null },
          reading.pictures.get(figure.figure_id) ?? [],
          work,
        ),
      );
    const problems = [...refusedMembers(item, archive), ...beside.problems];
    if (!isPdf) {
      const pdfs = beside.pdf ? [beside.pdf] : [];
      for (const pdf of [...pdfs, ...pdfsIn(archive, reading)]) {
        if (all.every(({ figure }) => figure.image_path !== null)) break;
        const isBeside = pdf === beside.pdf;
        const asked = isBeside ? await askedLayout(item.layout, pdf, signal) : {};
        tell(asked);
        all = await filled(all, pdf, work, isBeside ? problems : [], asked.layout);
      }
    }
    const figures = all.map(({ figure }) => figure);
    const texts = all.flatMap(({ text }) => text ?? []);
    problems.push(...all.flatMap(({ problem }) => problem ?? []));
    // What hangs on this machine and not on the paper is tried again at the next start.
    passing ||= problems.some(({ reason }) => PASSING.has(reason));
    return { entry: { key: passing ? `${key} again` : key, paper, figures, texts }, problems };
  },
};

/** The PDF beside a paper's source; one that cannot be opened is told as a problem. */
async function openBeside({
  pdf,
  paper_id,
}: IngestItem): Promise<{ pdf: Archive | null; problems: QuarantineLine[] }> {
  if (pdf === null) return { pdf: null, problems: [] };
  try {
    return { pdf: await openArchive(pdf), problems: [] };
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    return { pdf: null, problems: [quarantineLine("ingest", `${paper_id}/${basename(pdf)}`, pdf, error)] };
  }
}

/** The figures with the pictures that a PDF has for them; one that cannot be read has none, which is told. */
async function filled(
  all: Pictured[],
  pdf: Archive,
  work: PictureWork,
  problems: QuarantineLine[],
  layout: ForeignLayout | undefined,
): Promise<Pictured[]> {
  try {
    return await picturedFromPdf(all, pdf, work, layout);
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    problems.push(quarantineLine("ingest", `${work.paper.paper_id}/${pdf.source}`, pdf.source, error));
    return all;
  }
}

const PASSING = new Set(["ghostscript-missing", "tex-missing", "tex-package-missing", "image-too-slow"]);

/** What the paper's source says, and from outside what it does not say. */
function completed(paper: Paper, { discipline, metadata }: IngestItem): Paper {
  const categories = metadata?.categories.length ? metadata.categories : paper.categories;
  return {
    ...paper,
    title: paper.title ?? metadata?.title ?? null,
    abstract: paper.abstract ?? metadata?.abstract ?? null,
    discipline: discipline ?? disciplineOf(categories) ?? paper.discipline,
    categories,
    licence: metadata?.licence ?? paper.licence,
    doi: metadata?.doi ?? paper.doi,
  };
}

function refusedMembers({ paper_id, path }: IngestItem, archive: Archive): QuarantineLine[] {
  return archive.refused.map((member) => ({
    stage: "ingest",
    item: `${paper_id}/${member.path}`,
    file: path,
    reason: member.reason,
    message: member.message,
    way_out: "The paper was read without it; nothing needs to be done unless a figure lacks it.",
    raw: null,
  }));
}
