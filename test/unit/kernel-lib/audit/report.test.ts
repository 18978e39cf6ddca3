import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { documentOf, type AuditDocument } from "../../../../kernel-lib/src/audit/document.js";
import { drawingsOf } from "../../../../kernel-lib/src/audit/drawings.js";
import { ESTIMATES } from "../../../../kernel-lib/src/audit/estimates.js";
import { auditPage } from "../../../../kernel-lib/src/audit/html.js";
import { auditMarkdown } from "../../../../kernel-lib/src/audit/markdown.js";
import {
  auditReport,
  type AuditComparison,
  type AuditReport,
} from "../../../../kernel-lib/src/audit/report.js";
import { auditText } from "../../../../kernel-lib/src/audit/text.js";
import { estimateText, numberText } from "../../../../kernel-lib/src/audit/wording.js";
import { Audit } from "../../../../kernel-lib/src/lab/audit.js";
import { plotFile } from "../../../../kernel-lib/src/views/twins/plot-svg.js";
import { HOSTILE } from "../../../support/hostile-views.js";
import { freshFolder } from "../../../support/fresh-folder.js";

const comparison: AuditComparison = {
  figures: 1234,
  papers: 56,
  estimates: Object.fromEntries(
    ESTIMATES.map((name) => [name, { value: 0.1821, interval: [0.1712, 0.1941] }]),
  ) as AuditComparison["estimates"],
  quantiles: {
    from: { p5: 0.1, p25: 0.2, p50: 0.3, p75: 0.4, p95: 0.5 },
    to: { p5: 0.2, p25: 0.3, p50: 0.4, p75: 0.5, p95: 0.6 },
  },
  distance: { value: 0.25, at: 0.3 },
  note: null,
};

/** A report in which every free text is `text`. */
function reportWith(text: string): AuditReport {
  const side = {
    ...{ measured: 1234, not_measured: 1, without_value: 2, other_scorer: 3 },
    ...{ truncated: 0.25, truncated_captions: 0.5 },
  };
  const metric = (name: string): AuditReport["metrics"][number] => ({
    ...{ metric: name, label: `label ${text}`, better: "higher", scale: "linear" },
    scorer: { id: text, version: 1 },
    other_scorers: [{ id: text, version: 2, caption: "raw", values: 3 }],
    ...{ from: side, to: side, overall: comparison },
    groups: [
      { ...comparison, name: text },
      { ...comparison, name: null },
    ],
    cdf: {
      from: { values: [0.1, 0.3, 0.5], shares: [0.1, 0.5, 1] },
      to: { values: [0.2, 0.4, 0.6], shares: [0.1, 0.5, 1] },
    },
    not_compared: null,
  });
  return {
    ...{ schema: "figloom.audit/1", made: "2026-01-02T03:04:05.000Z", figloom: "0.1.0", node: "20.19.0" },
    command: `figloom audit '${text}'`,
    dataset: { name: text, schema_version: 1, figures: 2000, papers: 100 },
    compared: {
      ...{
        from: text,
        to: `${text} new`,
        where: text,
        figures: 1234,
        papers: 56,
        by: text,
        in_other_groups: 0,
      },
    },
    captions: [
      {
        name: text,
        made_by: [
          {
            ...{ captioner: text, version: 1, prompt_id: text, prompt_hash: text, model: text },
            ...{ sampling: text, captions: 1234 },
          },
        ],
      },
    ],
    bootstrap: {
      ...{ seed: 1, resamples: 2000, level: 0.95, clusters: "papers", most_clusters: 1000, intervals: 78 },
    },
    metrics: [metric(text), metric("characters")],
    warnings: [text],
  };
}

const parse = (html: string) => new JSDOM(html, { runScripts: "dangerously" }).window.document;

const ELEMENTS = new Set(
  (
    "html head meta title style body section h3 h4 p span div details summary ul li code table thead tbody tr th td " +
    "figure figcaption svg g path line rect circle text"
  ).split(" "),
);
/** Control characters but tab and line feed, overrides of direction, halves of characters. */
const UNPRINTABLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

async function expectHarmless(document: AuditDocument): Promise<void> {
  const html = await auditPage(document);
  const page = parse(html);
  expect(page.title).not.toBe("1");
  const elements = [...page.querySelectorAll("*")];
  expect(elements.map(({ localName }) => localName).filter((name) => !ELEMENTS.has(name))).toEqual([]);
  const attributes = elements.flatMap((element) => [...element.attributes]);
  expect(attributes.filter(({ name }) => /^on|href|src/i.test(name))).toEqual([]);
  for (const { value } of attributes.filter(({ name }) => name === "style"))
    expect(value).not.toMatch(/url|expression|import/i);
  expect(html).not.toMatch(UNPRINTABLE);
}

describe.each(Object.entries(HOSTILE))("a report in which every text is %s", (_, hostile) => {
  const document = documentOf(reportWith(hostile));

  test("is text on a page, and nothing of it runs or loads", async () => {
    // Drawings, which take long to make, have a test of their own.
    const sections = document.sections.map(({ heading, blocks }) => ({
      heading,
      blocks: blocks.filter(({ kind }) => kind !== "drawings"),
    }));
    await expectHarmless({ ...document, sections });
  });

  test("is text in Markdown: the lines begin as those of a harmless one, with as many cells", () => {
    const withoutCode = (markdown: string) => markdown.replace(/^(`{3,})sh\n[^]*?\n\1$/m, "(code)");
    const outline = (markdown: string) =>
      withoutCode(markdown)
        .split("\n")
        .map((line) => {
          const signs = line.replaceAll(/\\./g, "").replaceAll(/&#\d+;/g, "");
          const begin = /^(?:#+ |- |\*\*|!\[|\| |\|)?/.exec(line)![0];
          return [
            begin,
            signs.split("|").length,
            /[<>`$~_[\]]/.exec(signs.replace(/^!\[.*\]\(figures\/.*$/, ""))?.[0],
          ];
        });
    expect(outline(auditMarkdown(document))).toEqual(
      outline(auditMarkdown(documentOf(reportWith("harmless")))),
    );
    expect(auditMarkdown(document)).not.toMatch(UNPRINTABLE);
    expect(withoutCode(auditMarkdown(document))).not.toMatch(/(?:https?|data|javascript):\/\//);
  });

  test("holds nothing that a terminal obeys", () => {
    expect(auditText(document)).not.toMatch(UNPRINTABLE);
  });
});

test.each(["script", "terminal escapes", "lone surrogates"])(
  "drawings of %s are text, too, on a page and as files",
  async (name) => {
    const report = reportWith(HOSTILE[name]!);
    await expectHarmless(documentOf(report));
    for (const { spec } of drawingsOf(report)) {
      const file = await plotFile(spec);
      const { documentElement } = new JSDOM(file, { contentType: "image/svg+xml" }).window.document;
      expect(documentElement.localName).toBe("svg");
      expect(documentElement.querySelectorAll("script, image, a, foreignObject")).toHaveLength(0);
      expect(file).not.toMatch(UNPRINTABLE);
    }
  },
);

test("a report's files are its folder's: Markdown with its drawings, a page that stands alone, data by the schema", async () => {
  const folder = join(await freshFolder(), "audit");
  const report = reportWith("plain");
  const files = await new Audit(report).write(folder);
  const names = ["report.md", "report.html", "report.json"];
  const figures = ["gain", "variance", "characters", "cdf"].map((name) => `figures/${name}.svg`);
  expect(files).toEqual([...names, ...figures].map((name) => join(folder, name)));
  const [markdown, page, json] = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  expect(auditReport.parse(JSON.parse(json!))).toEqual(report);
  for (const name of figures) expect(markdown).toContain(`](${name})`);
  const { body } = parse(page!);
  expect(body.querySelectorAll("svg")).toHaveLength(figures.length);
  expect(page).toContain("default-src 'none'");
  for (const text of [markdown!.replaceAll("\\", ""), body.textContent, String(new Audit(report))])
    expect(text).toMatch(/\+18\.2\d?\s%\s\[\+17\.1\d?,\s\+19\.4\d?\]/);
});

test("what is not there is not drawn, and the report says so", async () => {
  const report = reportWith("plain");
  const nothing: AuditReport = {
    ...report,
    metrics: [
      {
        ...report.metrics[0]!,
        scorer: null,
        overall: null,
        groups: [],
        cdf: null,
        not_compared: "not measured",
      },
    ],
  };
  expect(drawingsOf(nothing)).toEqual([]);
  const { body } = parse(await auditPage(documentOf(nothing)));
  expect([...body.querySelectorAll("h4")].map(({ textContent }) => textContent)).toEqual([
    "Summary",
    "To be read first",
    "Results",
    "Measured by",
    "Captions",
    "Statistics",
    "To make this report again",
  ]);
});

test("numbers have the digits that their interval allows", () => {
  const text = (
    value: number | null,
    interval: [number, number] | null,
    form?: Parameters<typeof estimateText>[1],
  ) => estimateText({ value, interval }, form).replace(/\s+/g, " ");
  expect(text(0.18214, [0.17123, 0.19412], "signed percent")).toBe("+18.2 % [+17.1, +19.4]");
  expect(text(491.27, [462.1, 520.3], "signed")).toBe("+491 [+462, +520]");
  expect(text(-0.00012, [-0.02, 0.02], "signed")).toBe("±0.000 [−0.020, +0.020]");
  expect(text(0.2531, null)).toBe("0.253");
  expect(text(null, null)).toBe("–");
  expect([numberText(1234567), numberText(0), numberText(1e-9)]).toEqual(["1,234,567", "0", "0.000000"]);
});
