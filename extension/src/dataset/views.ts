import { allOf, EVERYTHING, havingCaptions, type AboutDataset } from "figloom/views";
import type { DrawContext } from "../common/context.js";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawDiff } from "../diff/diff.js";
import { drawGallery } from "../gallery/gallery.js";
import { drawHistogram } from "../histogram/histogram.js";
import { drawMap } from "../map/map.js";
import { drawChosen } from "./chosen-view.js";

interface ShownDataset {
  folder: string;
  name: string;
}

/** A view that a dataset's document can show. */
export interface DatasetView {
  /** Also the CSS class, as `figloom-<id>`. */
  id: string;
  label(): string;
  draw(dataset: ShownDataset, node: HTMLElement, context: DrawContext): void | Promise<void>;
}

/** In the order of the toolbar; the first is shown first. */
export const DATASET_VIEWS: readonly DatasetView[] = [
  {
    id: "gallery",
    label: () => __("Gallery"),
    draw: ({ folder, name }, node, context) => {
      const live = { dataset: folder, query: EVERYTHING };
      drawGallery({ title: name, total: 0, cards: [], live }, node, context);
    },
  },
  { id: "histogram", label: () => __("Histogram"), draw: withAbout(drawDistribution) },
  { id: "diff", label: () => __("Diff"), draw: withAbout(drawCaptions) },
  { id: "map", label: () => __("Map"), draw: withAbout(drawPoints) },
];

type DrawAbout = (about: AboutDataset, folder: string, node: HTMLElement, context: DrawContext) => void;

/** Draws a view once the kernel has told what the dataset holds. */
function withAbout(draw: DrawAbout): DatasetView["draw"] {
  return async ({ folder }, node, context) => {
    const say = (text: string) =>
      node.replaceChildren(el("p", { class: "figloom-note", role: "status" }, text));
    say(__("Asking the kernel…"));
    try {
      const about = await context.dataset(folder).ask("about", {});
      if (!context.signal.aborted) draw(about, folder, node, context);
    } catch (error) {
      if (!context.signal.aborted) say(error instanceof Error ? error.message : String(error));
    }
  };
}

/** Number columns of a figure itself, as options. */
const numbersOf = ({ columns }: AboutDataset) =>
  columns
    .filter(({ kind, ref }) => kind === "number" && !ref.startsWith("map."))
    .map(({ ref, label }) => ({ value: ref, label }));

function drawDistribution(
  about: AboutDataset,
  folder: string,
  node: HTMLElement,
  context: DrawContext,
): void {
  const metrics = [...about.metrics, "length"].map((value) => ({ value, label: __("%1 by caption", value) }));
  const options = [...metrics, ...numbersOf(about)];
  const choice = { label: __("Values"), options, first: options[0]!.value };
  drawChosen([choice], node, context, async ([metric], place, within) => {
    const view = await context.dataset(folder).ask("histogramView", { metric: metric! }, within.signal);
    await drawHistogram(view, place, within);
  });
}

function drawCaptions(
  { captions }: AboutDataset,
  folder: string,
  node: HTMLElement,
  context: DrawContext,
): void {
  const options = captions.map((value) => ({ value, label: value }));
  if (options.length < 2) {
    const text = __("There are no new captions to compare with; make some first: await lab.recaption().");
    return node.replaceChildren(el("p", { class: "figloom-note" }, text));
  }
  const choices = [
    { label: __("From"), options, first: captions[0]! },
    { label: __("To"), options, first: captions.at(-1)! },
  ];
  drawChosen(choices, node, context, async (chosen, place, within) => {
    if (chosen[0] === chosen[1]) throw new Error(__("Choose two different captions."));
    const query = { ...EVERYTHING, where: allOf(havingCaptions(chosen)) };
    const rows = { query: { ...query, linked: false }, source: "" };
    const { total } = await context.dataset(folder).ask("rows", rows, within.signal);
    const live = { dataset: folder, query };
    drawDiff({ title: chosen.join(" → "), captions: chosen, total, cards: [], live }, place, within);
  });
}

function drawPoints(about: AboutDataset, folder: string, node: HTMLElement, context: DrawContext): void {
  const layouts = about.columns.flatMap(({ ref, label }) =>
    ref.startsWith("map.") ? [{ value: ref, label }] : [],
  );
  const options = [...layouts, ...numbersOf(about)];
  const has = (ref: string) => about.columns.some((column) => column.ref === ref);
  const [x, y] = layouts.length > 1 ? layouts.map(({ value }) => value) : ["figure.width", "figure.height"];
  const colour = has("figure.discipline") ? "figure.discipline" : null;
  const choices = [
    { label: __("Across"), options, first: x! },
    { label: __("Up"), options, first: y! },
  ];
  drawChosen(choices, node, context, async ([across, up], place, within) => {
    const asked = { x: across!, y: up!, colour };
    drawMap(await context.dataset(folder).ask("mapView", asked, within.signal), place, within);
  });
}
