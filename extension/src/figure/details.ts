import type { CaptionText, FigureCard } from "figloom/views";
import { contextSegments, integer, paperName, valueText } from "figloom/views";
import { el } from "../common/dom.js";
import { drawCaption, drawDoubts, drawScores } from "./caption.js";
import { __, _n } from "../common/words.js";
import { drawReasons } from "./flags.js";
import { lookOf, type Look } from "./strip.js";
import { drawVerdict } from "./verdict.js";

/** All that is known about a figure, in reading order: what was said about it, captions, panels, contexts, origin. */
export function drawDetails(
  card: FigureCard,
  node: HTMLElement,
  said: Omit<Look, "card"> = lookOf(card),
): void {
  const panels = card.panels.map(({ number, caption }) =>
    el(
      "p",
      { class: "figloom-text", dir: "auto" },
      number ? el("b", {}, `${number}  `) : null,
      caption || el("span", { class: "figloom-soft" }, __("no caption of its own")),
    ),
  );
  const { length: mentions } = card.contexts;
  const reviewed = said.verdict !== null || said.tags.length > 0;
  node.replaceChildren(
    ...(reviewed ? [section(__("Review"), [], [drawReview(said)])] : []),
    ...card.captions.map((caption) =>
      section(caption.name === "raw" ? __("Raw caption") : caption.name, drawScores(caption), [
        drawCaption(caption),
        drawDoubts(caption),
        drawOrigin(caption),
      ]),
    ),
    ...(panels.length > 0 ? [section(__("Panels"), [], panels)] : []),
    section(
      mentions === 0
        ? __("Not mentioned in the text")
        : _n("Mentioned in %1 paragraph", "Mentioned in %1 paragraphs", mentions),
      [],
      card.contexts.map(drawContext),
    ),
    ...(card.figure_text ? [drawFigureText(card.figure_text)] : []),
    ...(card.flags.length > 0 ? [section(__("Flags"), [], [drawReasons(card)])] : []),
    ...(Object.keys(card.measurements ?? {}).length > 0
      ? [section(__("Measurements"), [], [drawMeasurements(card.measurements!)])]
      : []),
    section(__("Origin"), [], [drawFacts(card)]),
  );
}

function drawReview({ verdict, tags }: Omit<Look, "card">): HTMLElement {
  const chips = tags.map((tag) => el("span", { class: "figloom-chip figloom-tag", dir: "auto" }, tag));
  return el("p", { class: "figloom-labels" }, verdict && drawVerdict(verdict), ...chips);
}

function section(title: string, aside: Node[], children: (Node | null)[]): HTMLElement {
  return el(
    "section",
    { class: "figloom-section" },
    el("h3", { class: "figloom-heading" }, el("span", {}, title), ...aside),
    ...children,
  );
}

function drawContext(context: FigureCard["contexts"][number]): HTMLElement {
  const pieces = contextSegments(context).map(({ text, refers }) =>
    refers ? el("mark", { class: "figloom-refers" }, text) : document.createTextNode(text),
  );
  return el(
    "div",
    { class: "figloom-context" },
    context.section ? el("div", { class: "figloom-soft" }, context.section) : null,
    el("p", { class: "figloom-text", dir: "auto" }, ...pieces),
  );
}

/** Folded away: the picture stands beside it. */
function drawFigureText({ text, reader }: NonNullable<FigureCard["figure_text"]>): HTMLElement {
  return el(
    "details",
    { class: "figloom-section figloom-figure-text" },
    el(
      "summary",
      {},
      __("Text on the figure"),
      " ",
      el("span", { class: "figloom-soft", dir: "auto" }, __("by %1", reader)),
    ),
    el("p", { class: "figloom-text", dir: "auto" }, text),
  );
}

/** What made a caption: the model and its prompt, with the tokens that it took. */
function drawOrigin({ made }: CaptionText): HTMLElement | null {
  if (!made) return null;
  const { captioner, model, prompt_id, prompt_hash, prompt_tokens, completion_tokens } = made;
  const tokens = prompt_tokens !== null && completion_tokens !== null;
  const parts = [
    __("by %1", model ?? captioner),
    ...(prompt_id ? [__("prompt %1", prompt_id) + (prompt_hash ? ` (${prompt_hash.slice(0, 8)})` : "")] : []),
    ...(tokens ? [__("%1 + %2 tokens", integer(prompt_tokens), integer(completion_tokens))] : []),
  ];
  return el("p", { class: "figloom-soft figloom-made", dir: "auto" }, parts.join(" · "));
}

function drawMeasurements(measurements: Record<string, number>): HTMLElement {
  return el(
    "dl",
    { class: "figloom-facts" },
    ...Object.entries(measurements).flatMap(([name, value]) => [
      el("dt", {}, name.replaceAll("_", " ")),
      el("dd", {}, valueText(value)),
    ]),
  );
}

function drawFacts(card: FigureCard): HTMLElement {
  const { width, height } = card.picture;
  const facts: [string, string | null][] = [
    [__("Paper"), paperName(card)],
    [__("Discipline"), card.discipline],
    [__("Label"), card.label],
    [__("Size"), width && height ? __("%1 × %2 pixels", width, height) : null],
    [__("Source"), card.provenance],
    [__("Id"), card.figure_id],
  ];
  const rows = facts.filter(([, value]) => value);
  return el(
    "dl",
    { class: "figloom-facts" },
    ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", { dir: "auto" }, value)]),
  );
}
