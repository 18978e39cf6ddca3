import type { MapView } from "figloom/views";
import { axesMean, EMPTY_MAP, integer } from "figloom/views";
import type { DatasetLink, DrawContext } from "../common/context.js";
import { el } from "../common/dom.js";
import { codeExports, drawExportMenu } from "../common/export-menu.js";
import { keysButton, openKeys } from "../common/keys-dialog.js";
import { oneAtATime } from "../common/one-at-a-time.js";
import { Said } from "../common/said.js";
import { __ } from "../common/words.js";
import { openStrip } from "../figure/lightbox.js";
import { datasetOptions } from "../figure/live-lightbox.js";
import { Marks } from "../figure/marks.js";
import { queryCode } from "../gallery/code.js";
import { SelectionLine } from "../selection/line.js";
import { ViewSelection } from "../selection/view-selection.js";
import { mapCode } from "./code.js";
import { cloudOf, kindCounts, type Cloud } from "./cloud.js";
import { allColours, colourOf, type Scale } from "./colours.js";
import { Controls } from "./controls.js";
import { mapCount } from "./count.js";
import { densityStand } from "./density.js";
import { MapFigures } from "./figures.js";
import { drawFrame, drawStage } from "./frame.js";
import { listen, type Mode } from "./gestures.js";
import { keyList } from "./keys.js";
import { Legend } from "./legend.js";
import type { Corner } from "./outline.js";
import { Plane } from "./plane.js";
import { Pointing } from "./pointing.js";
import { Surround } from "./surround.js";
import { Tooltip } from "./tooltip.js";

/** Draws figures as points; without a kernel, the density that the output holds. */
export function drawMap(view: MapView, node: HTMLElement, context: DrawContext): void {
  if (!view.density) {
    node.replaceChildren(
      el("div", { class: "figloom-title" }, view.title),
      el("p", { class: "figloom-note" }, EMPTY_MAP),
    );
    return;
  }
  new MapDrawing(view, node, context);
}

class MapDrawing {
  readonly #link: DatasetLink | null;
  readonly #selection: ViewSelection | null;
  readonly #figures: MapFigures | null;
  readonly #marks: Marks;
  readonly #plane: Plane;
  readonly #pointing: Pointing;
  readonly #tip = new Tooltip();
  readonly #controls: Controls;
  readonly #note = el("p", { class: "figloom-note figloom-state", role: "status", hidden: true });
  readonly #count = el("span", { class: "figloom-soft", role: "status" });
  readonly #line = new SelectionLine((error) => this.#fail(error));
  readonly #said = new Said(() => void this.#marks.undo());
  readonly #legend: Legend;
  readonly #stage: HTMLElement;
  readonly #surround: Surround;

  /** Asks what the other views leave. */
  readonly #takeSelection: () => Promise<void>;

  #cloud: Cloud | null = null;
  #scale: Scale;
  #counts: ArrayLike<number>;
  #column: string | null;
  #stride = 1;
  #bits: Uint8Array | null = null;
  #mode: Mode = "move";
  #crosshair = false;
  #loads = 0;

  constructor(
    private readonly data: MapView,
    node: HTMLElement,
    private readonly context: DrawContext,
  ) {
    const { signal } = context;
    this.#takeSelection = oneAtATime(() => this.#readSelection(), signal);
    this.#link = data.live && context.dataset(data.live.dataset);
    this.#selection =
      this.#link &&
      new ViewSelection(this.#link, signal, {
        narrowed: () => void this.#takeSelection(),
        lost: () => {
          this.#surround.settle([]);
          this.#surrounded();
        },
        changed: () => this.#line.draw(this.#selection, { follows: data.live?.query.linked ?? false }),
      });
    this.#figures =
      this.#link && this.#selection && new MapFigures(data, this.#link, this.#selection, signal);
    this.#marks = new Marks({
      link: this.#link,
      signal,
      marked: () => undefined,
      say: (text, undo) => this.#said.say(text, undo),
    });
    this.#column = data.colour?.column ?? null;
    this.#scale = {
      colours: data.classes.map(({ name }) => name),
      scale: data.colour?.scale ?? "category",
      rest: data.colour?.rest ?? null,
    };
    this.#counts = data.classes.map(({ count }) => count);
    this.#legend = new Legend(data.colour?.label ?? __("Colours"), () => this.#plane.draw());
    const density = data.density!;
    const stand = densityStand(density, (kind) => colourOf(this.#scale, kind));
    const axis = ([low, high]: readonly [number, number]) => ({ low, high });
    this.#plane = new Plane({
      box: { x: axis(density.x), y: axis(density.y) },
      square: !axesMean(data),
      signal,
      scene: () => ({
        cloud: this.#cloud,
        stand,
        look: { colours: allColours(this.#scale), hidden: this.#legend.hidden, selected: this.#selected },
      }),
      marks: () => ({
        ticks: axesMean(data),
        outline: this.#surround.corners,
        drawing: this.#surround.isOpen,
        point: this.#pointing.place,
        crosshair: this.#crosshair && !this.#surround.hasRegion,
      }),
      onLook: () => this.#tip.close(),
      onDrawn: (points) => (this.#stage.dataset.drawn = String(points)),
    });
    this.#surround = new Surround({
      plane: this.#plane,
      onDraw: () => this.#plane.mark(),
      onRegion: () => this.#surrounded(),
      onChoose: (corners) => this.#select(corners),
    });
    this.#pointing = new Pointing({
      plane: this.#plane,
      tip: this.#tip,
      signal,
      cloud: () => this.#cloud,
      hidden: this.#legend.hidden,
      figure: (point) => this.#figures!.figure(point),
    });
    this.#stage = drawStage(data, [...this.#plane.layers, this.#tip.element]);
    this.#controls = new Controls({
      onMode: (mode) => this.#setMode(mode),
      onZoom: (factor) => this.#plane.zoom(factor, null),
      onFit: () => this.#plane.fit(),
      onColour: (column) => {
        this.#column = column;
        void this.#load();
      },
      onClear: () => this.#select([]),
      onInsert: context.insertCell && data.live ? () => context.insertCell!(queryCode(data.live!)) : null,
    });
    const { live } = data;
    if (live)
      this.#controls.tools.append(
        drawExportMenu(
          codeExports(() => mapCode(data, live, this.#column), context.insertCell),
          (text) => this.#said.say(text),
        ),
      );
    this.#controls.tools.append(keysButton(() => this.#help()));
    this.#build(node);
    this.#listen();
    this.#countSelected();
    if (this.#link) this.#connect(this.#link);
    else this.#say(__("How many figures lie where: the figures themselves are not in this output."));
  }

  #help(): void {
    openKeys(keyList(), this.context.signal, () => this.#stage.focus());
  }

  #build(node: HTMLElement): void {
    node.replaceChildren(
      drawFrame(this.data, {
        controls: this.#controls,
        stage: this.#stage,
        legend: this.#legend.element,
        count: this.#count,
        line: this.#line.element,
        state: this.#note,
        said: this.#said.element,
      }),
    );
    this.#drawLegend();
    const resize = () =>
      this.#plane.resize({ width: this.#stage.clientWidth, height: this.#stage.clientHeight });
    const observer = new ResizeObserver(resize);
    observer.observe(this.#stage);
    this.context.signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    resize();
  }

  #listen(): void {
    const stage = this.#stage;
    listen(
      stage,
      {
        mode: () => this.#mode,
        onPan: (right, down) => this.#plane.pan(right, down),
        onZoom: (factor, at) => this.#plane.zoom(factor, at),
        onFit: () => this.#plane.fit(),
        onHover: (at) => this.#pointing.hover(at),
        onOpen: (at) => void this.#open(at),
        onOutline: (corners, mode, done) => this.#surround.draw(corners, mode, done),
        onRegion: (change) => this.#surround.changeRegion(change),
        hasRegion: () => this.#surround.hasRegion,
        onMode: (mode) => this.#setMode(mode),
        onEscape: () => this.#escape(),
        onHelp: () => this.#help(),
      },
      this.context.signal,
    );
    stage.addEventListener("focus", () => {
      this.#crosshair = stage.matches(":focus-visible");
      this.#plane.mark();
    });
    stage.addEventListener("blur", () => {
      this.#crosshair = false;
      this.#pointing.point(null);
    });
  }

  #connect(link: DatasetLink): void {
    const enter = () => {
      if (link.state === "gone")
        this.#say(
          this.#cloud
            ? __("The kernel does not answer. Start it to open figures and to choose some.")
            : __("No kernel: how many figures lay where when the cell ran. Start it to see each of them."),
        );
      else void this.#load();
    };
    const ends = [link.onState(enter), link.on("changed", () => void this.#load())];
    this.context.signal.addEventListener("abort", () => ends.forEach((end) => end()), { once: true });
    enter();
  }

  /** Asks for the points; an answer that a later question has overtaken is dropped. */
  async #load(): Promise<void> {
    const mine = ++this.#loads;
    if (!this.#cloud) this.#say(__("Fetching the points …"));
    try {
      const points = await this.#figures!.points(this.#column);
      if (mine !== this.#loads || this.context.signal.aborted) return;
      this.#cloud = cloudOf(points);
      this.#scale = points;
      this.#stride = points.stride;
      this.#counts = kindCounts(this.#cloud);
      this.#legend.hidden.clear();
      this.#pointing.forget();
      this.#say(
        points.stride > 1
          ? __("There are %1 figures: one in %2 is drawn.", integer(points.total), points.stride)
          : "",
      );
      this.#drawLegend();
      this.#plane.draw();
      this.#countSelected();
      const columns = await this.#figures!.columns();
      if (mine === this.#loads) this.#controls.offerColours(columns, this.#column);
      await this.#takeSelection();
    } catch (error) {
      if (mine === this.#loads) this.#fail(error);
    }
  }

  async #readSelection(): Promise<void> {
    if (!this.#cloud) return;
    const mine = this.#loads;
    try {
      const bits = await this.#figures!.selected();
      if (mine !== this.#loads || this.context.signal.aborted) return;
      this.#bits = bits;
      this.#plane.draw();
      this.#countSelected();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.context.signal.aborted || this.#link?.state === "gone") return;
    this.#said.fail(error);
  }

  #say(text: string): void {
    this.#note.textContent = text;
    this.#note.hidden = text === "";
  }

  /** Whether the other views leave a point; `null` where they leave all. */
  get #selected(): ((point: number) => boolean) | null {
    const bits = this.#bits;
    return bits && ((point) => ((bits[point >> 3]! >> (point & 7)) & 1) === 1);
  }

  #drawLegend(): void {
    this.#legend.draw(this.#scale, this.#counts, this.#cloud !== null);
  }

  /** Opens the figure at a place, by keys the one nearest to the middle. */
  async #open(at: Corner | null): Promise<void> {
    const point = at ? this.#pointing.nearest(at) : this.#pointing.nearestToMiddle();
    if (point === null || !this.#cloud) return;
    this.#pointing.point(point);
    try {
      const tile = await this.#figures!.figure(this.#cloud.point[point]!);
      const found = tile && (await this.#figures!.among(tile.figure_id));
      if (!found || this.context.signal.aborted) return;
      this.#tip.close();
      openStrip(found.strip, found.row, this.context, {
        ...datasetOptions(this.data.live, this.#link, this.#marks),
        onClose: () => this.#stage.focus(),
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #escape(): void {
    if (this.#surround.hasRegion) this.#surround.dropRegion();
    else if (this.#mode !== "move") this.#setMode("move");
    else if (this.#surround.corners.length > 0) this.#select([]);
    this.#plane.mark();
  }

  #setMode(mode: Mode): void {
    this.#mode = mode;
    this.#stage.dataset.mode = mode;
    this.#controls.showMode(mode);
  }

  /** Makes an outline this view's part of the selection; an empty one takes it away. */
  #select(corners: Corner[]): void {
    this.#surround.settle(corners);
    this.#surrounded();
    const chosen = this.#surround.corners;
    const label = __("outline on %1", this.data.title);
    this.#figures
      ?.select(chosen.length > 0 ? chosen : null, label)
      .catch((error: unknown) => this.#fail(error));
  }

  #surrounded(): void {
    this.#countSelected();
    this.#plane.mark();
  }

  #countSelected(): void {
    const around = this.#surround.corners;
    const chosen = around.length > 2 && !this.#surround.isOpen;
    this.#controls.showSelection(chosen, this.#cloud !== null);
    this.#count.textContent = mapCount(this.data, {
      cloud: this.#cloud,
      stride: this.#stride,
      around,
      selected: this.#selected,
    });
  }
}
