/** The notebook that the launcher makes: the way from papers to captions, a step a cell. */

/** A notebook file as Jupyter writes it (nbformat 4.5). */
export interface NotebookFile {
  cells: object[];
  metadata: object;
  nbformat: 4;
  nbformat_minor: 5;
}

/** A path as a string literal of TypeScript. */
const quoted = (path: string): string => JSON.stringify(path);

/**
 * A notebook to begin with.
 * @param dataset the dataset's folder relative to the notebook; @default `data/first`, made by the first cell
 */
export function templateNotebook(dataset = "data/first"): NotebookFile {
  return notebookOf([
    "# Figure curation\n\nOpen a dataset, read papers into it, look, rewrite the captions, measure, export. Every step does only what is missing, so run the notebook as often as you like.",
    {
      code: `import { openLab } from "figloom";\n\nconst lab = await openLab(${quoted(dataset)});\nawait lab.summary()`,
    },
    "## Read papers\n\nLaTeX sources, JATS packages and PDFs: files, folders or patterns. `lab.fetch` gets them from arXiv and PubMed Central.",
    { code: `await lab.ingest("papers");\nawait lab.check();` },
    "## Look\n\n`where` is SQL over the figures' columns. <kbd>?</kbd> in a view lists its keys.",
    { code: `await lab.gallery({ where: "NOT flagged" });` },
    '## Rewrite the captions\n\nWithout a server, the paper\'s own sentences; with `FIGLOOM_ENDPOINTS` set, a model: `await lab.recaption({ prompt: "context" })`.',
    { code: `await lab.recaption();\nawait lab.diff();` },
    "## Measure",
    { code: `await lab.score(["support"]);\nawait lab.histogram("support");` },
    "## Go on with a selection\n\nBrush the histogram or select in the gallery: the next cell takes what is selected.",
    { code: `const { where } = await lab.selection();\nawait lab.export("selected.jsonl", { where });` },
  ]);
}

/** A notebook on a dataset that is there. */
export function datasetNotebook(dataset: string): NotebookFile {
  return notebookOf([
    {
      code: `import { openLab } from "figloom";\n\nconst lab = await openLab(${quoted(dataset)}, { create: false });\nawait lab.summary()`,
    },
    { code: `await lab.gallery();` },
  ]);
}

function notebookOf(cells: (string | { code: string })[]): NotebookFile {
  return {
    cells: cells.map((cell, i) => {
      const id = `figloom-${i + 1}`;
      return typeof cell === "string"
        ? { cell_type: "markdown", id, metadata: {}, source: cell }
        : { cell_type: "code", id, metadata: {}, source: cell.code, outputs: [], execution_count: null };
    }),
    metadata: {
      kernelspec: { name: "figloom", display_name: "figloom (TypeScript)", language: "typescript" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
