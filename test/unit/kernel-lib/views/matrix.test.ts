import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import type { PairedDifference } from "../../../../kernel-lib/src/statistics/paired.js";
import {
  agreement,
  buildMatrix,
  type MatrixColumn,
  type MatrixReply,
} from "../../../../kernel-lib/src/views/matrix.js";
import type { FigureCard } from "../../../../kernel-lib/src/views/protocol.js";
import { matrixHtml } from "../../../../kernel-lib/src/views/twins/matrix.js";
import { matrixText, summaryText } from "../../../../kernel-lib/src/views/twins/matrix-text.js";
import { card, NEW, recaption, supportScore } from "./samples.js";

const EVIL = `<script>globalThis.harmed = 1</script><img src=x onerror="harmed=1">"'>&\u001b[31m\u202ereversed`;

function column(name: string, change: Partial<MatrixColumn> = {}): MatrixColumn {
  return {
    name,
    about: `What ${name} is for.`,
    prompt_hash: "0123456789abcdef",
    model: "fake",
    answers: 1,
    failed: 0,
    missing: 0,
    means: { words: 7, support: 0.5 },
    deltas: null,
    agreement: null,
    ...change,
  };
}

function delta(mean: number, interval: PairedDifference["interval"], note: string | null = null) {
  return { mean, interval, n: 12, papers: 6, note };
}

/** A card with these captions, each with a support of 0.5. */
function cardWith(captions: Record<string, string>): FigureCard {
  return card(
    {},
    {
      recaptions: Object.entries(captions).map(([name, text]) => recaption(text, name)),
      scores: ["raw", ...Object.keys(captions)].map((name, i) => supportScore(name, 0.5 + i / 8, [])),
    },
  );
}

const answered = (of: FigureCard, name: string): MatrixReply => ({
  state: "answered",
  caption: of.captions.find((caption) => caption.name === name)!,
  tokens: 40,
  seconds: 1.5,
});

function matrix(captions: Record<string, string>, against: string, columns?: MatrixColumn[]) {
  const of = cardWith(captions);
  return buildMatrix({
    title: "a | b",
    note: "1 figure",
    against,
    columns: columns ?? Object.keys(captions).map((name) => column(name)),
    rows: [{ card: of, replies: Object.keys(captions).map((name) => [answered(of, name)]) }],
  });
}

const root = (source: string) =>
  new JSDOM(`<body>${source}`, { runScripts: "dangerously" }).window.document.querySelector(".figloom-html")!;

describe("a matrix of figures and prompts", () => {
  test("compares captions with those of the prompt that is named, word by word and score by score", () => {
    const view = matrix({ a: NEW, b: NEW.replace("300", "350") }, "a");
    const [first, second] = view.rows[0]!.cells.map((cell) => cell.answers[0]!);
    expect(first).toMatchObject({ state: "answered", changes: null, common: null, deltas: {} });
    expect(second).toMatchObject({
      changes: [
        { kind: "kept", text: "Reflectance of the three sites between " },
        { kind: "removed", text: "300" },
        { kind: "added", text: "350" },
        { kind: "kept", text: " nm and 700 nm." },
      ],
      deltas: { words: 0, support: 0.125 },
    });
    const html = root(matrixHtml(view));
    expect(html.querySelector("tbody:last-child del")!.textContent).toBe("300");
    expect(html.querySelector("tbody:last-child ins")!.textContent).toBe("350");
    expect(html.querySelector("td .up")!.textContent).toBe("+0.125");
    expect(matrixText(view)).toContain("between [-300-]{+350+} nm");
  });

  test("compares with the raw caption, but not its support, which rests on other evidence", () => {
    const [answer] = matrix({ a: NEW }, "raw").rows[0]!.cells[0]!.answers;
    expect(answer).toMatchObject({ deltas: { words: 6 } });
    expect(answer).not.toHaveProperty("deltas.support");
  });

  test("shows a caption that was written anew as it is, and says so", () => {
    const view = matrix({ a: NEW, b: "Light comes back from island soils, unevenly." }, "a");
    expect(view.rows[0]!.cells[1]!.answers[0]).toMatchObject({ changes: null });
    const html = root(matrixHtml(view));
    expect(html.querySelectorAll("tbody:last-child del")).toHaveLength(0);
    // One that was only cut short is none.
    const short = matrix({ a: NEW, b: "Reflectance." }, "a").rows[0]!.cells[1]!.answers[0];
    expect(short).toHaveProperty("changes.0.kind", "kept");
    expect(html.textContent).toMatch(/written anew: \d+ % in common/);
  });

  test("stacks repetitions, each compared with the first, and tells how much they agree", () => {
    const of = cardWith({ a: NEW, "a~1": NEW.replace("nm.", "µm.") });
    const replies = [[answered(of, "a"), answered(of, "a~1")]];
    const view = buildMatrix({
      title: "a",
      note: "",
      against: "raw",
      columns: [column("a")],
      rows: [{ card: of, replies }],
    });
    const [cell] = view.rows[0]!.cells;
    expect(cell!.answers[1]).toMatchObject({
      changes: expect.arrayContaining([{ kind: "added", text: "µm" }]),
    });
    const html = root(matrixHtml(view));
    expect([...html.querySelectorAll(".ordinal")].map((part) => part.textContent)).toEqual(["1", "2"]);
    expect(html.textContent).toContain("the answers have 96 % in common");
  });

  test("says of every cell what has become of it", () => {
    const replies: MatrixReply[] = [
      { state: "waiting" },
      { state: "asking", text: "The reflec" },
      { state: "failed", message: "It went round in circles.", wayOut: "Ask otherwise." },
      { state: "unasked" },
    ];
    const view = buildMatrix({
      title: "states",
      note: "",
      against: "raw",
      columns: replies.map(({ state }) => column(state)),
      rows: [{ card: card(), replies: replies.map((reply) => [reply]) }],
    });
    const cells = [...root(matrixHtml(view)).querySelectorAll("tbody:last-child td")].map(({ textContent }) =>
      textContent!.trim().replace(/\s+/g, " "),
    );
    expect(cells[0]).toBe("waiting …");
    expect(cells[1]).toContain("The reflec");
    expect(cells[2]).toContain("failed It went round in circles. Ask otherwise.");
    expect(cells[3]).toBe("not asked");
    expect(matrixText(view)).toContain("failed failed: It went round in circles. Ask otherwise.");
  });

  test("colours a mean's difference only where its interval leaves no doubt, and always gives the sign", () => {
    const doubtful = column("b", { deltas: { support: delta(0.04, [-0.01, 0.09]) } });
    const sure = column("c", { deltas: { support: delta(-0.04, [-0.07, -0.01]) } });
    const few = column("d", { deltas: { support: delta(0.5, null, "too few papers for an interval") } });
    const view = matrix({ a: NEW, b: NEW, c: NEW, d: NEW }, "a", [column("a"), doubtful, sure, few]);
    const html = root(matrixHtml(view));
    const shown = [...html.querySelectorAll(".measures .delta")].map((part) => [
      part.textContent,
      part.classList.contains("up") || part.classList.contains("down"),
    ]);
    expect(shown).toEqual([
      ["+0.040 [−0.010, +0.090]", false],
      ["−0.040 [−0.070, −0.010]", true],
      ["+0.5", false],
    ]);
    expect(html.querySelector(".foot")!.textContent).toBe("too few papers for an interval");
    expect(summaryText(view)).toContain("0.5 −0.040 [−0.070, −0.010]");
  });

  test("shows hostile text as text and runs nothing", () => {
    const of = card(
      { caption: EVIL, number: EVIL },
      {
        paper: { title: EVIL, discipline: null, source: EVIL },
        recaptions: [recaption(`${EVIL} new`, EVIL), recaption(`${EVIL} old`, "b")],
        scores: [{ ...supportScore(EVIL, 0.5, []), metric: EVIL }],
        thumb: `data:image/webp;base64,"onerror="harmed=1`,
      },
    );
    const view = buildMatrix({
      title: EVIL,
      note: EVIL,
      against: "b",
      columns: [EVIL, "b", "c", "d"].map((name) =>
        column(name, {
          about: EVIL,
          model: EVIL,
          means: { [EVIL]: 1 },
          deltas: { [EVIL]: delta(1, null, EVIL) },
        }),
      ),
      rows: [
        {
          card: of,
          replies: [
            [answered(of, EVIL)],
            [answered(of, "b")],
            [{ state: "asking", text: EVIL }],
            [{ state: "failed", message: EVIL, wayOut: EVIL }],
          ],
        },
      ],
    });
    const source = matrixHtml(view);
    const { window } = new JSDOM(`<body>${source}`, { runScripts: "dangerously" });
    expect((window as unknown as { harmed?: number }).harmed).toBeUndefined();
    expect(window.document.querySelectorAll("script, img, iframe, [onerror], [onclick]")).toHaveLength(0);
    expect(source).not.toMatch(/\u001b|\u202e/);
    expect(matrixText(view)).not.toMatch(/\u001b|\u202e/);
  });

  test("stays within a megabyte, and says what is left out", () => {
    const of = cardWith({ a: "So many words. ".repeat(1000) });
    const rows = Array.from({ length: 200 }, () => ({ card: of, replies: [[answered(of, "a")]] }));
    const view = buildMatrix({
      title: "a",
      note: "200 figures",
      against: "raw",
      columns: [column("a")],
      rows,
    });
    const source = matrixHtml(view);
    expect(Buffer.byteLength(source)).toBeLessThan(1_010_000);
    expect(source).toMatch(/showing \d+ of 200 figures/);
  });
});

test("captions agree by the share of their letters that stand in both", () => {
  expect(agreement([{ text: "one two" }])).toBeNull();
  expect(agreement([{ text: "one two" }, { text: "one  two" }])).toBe(1);
  expect(agreement([{ text: "abc def" }, { text: "abc xyz" }])).toBe(0.5);
  expect(agreement([{ text: "abc" }, { text: "abc" }, { text: "xyz" }])).toBeCloseTo(1 / 3, 12);
});
