import type { MapView } from "figloom/views";
import { axesMean, EMPTY_MAP, integer } from "figloom/views";
import type { DatasetLink, DrawContext } from "../common/context.js";
import { figureCount } from "../common/count.js";
import { el } from "../common/dom.js";
import { codeExports, drawExportMenu } from "../common/export-menu.js";
import { keysButton, openKeys } from "../common/keys-dialog.js";
import { Said } from "../common/said.js";
import { __ } from "../common/words.js";
import { openStrip } from "../figure/lightbox.js";
import { datasetOptions } from "../figure/live-lightbox.js";
import { Marks } from "../figure/marks.js";
import { queryCode } from "../gallery/code.js";
import { SelectionLine } from "../selection/line.js";
import { ViewSelection } from "../selection/view-selection.js";
import { mapCode } from "./code.js";
import { cloudOf, kindCounts, nearestPoint, type Cloud } from "./cloud.js";
import { allColours, colourOf, type Scale } from "./colours.js";
import { Controls } from "./controls.js";
import { densityStand } from "./density.js";
import { MapFigures } from "./figures.js";
import { drawFrame, drawStage } from "./frame.js";
import { listen, type Mode } from "./gestures.js";
import { keyList } from "./keys.js";
import { drawLegend } from "./legend.js";
import { countInside, rectangle, simplify, type Corner } from "./outline.js";
import { Overlay } from "./overlay.js";
import { Painter } from "./painter.js";
import { firstRegion, stepRegion, type Region, type RegionStep } from "./region.js";
import { Tooltip } from "./tooltip.js";
import { fit, pan, pixelAt, placeAt, refit, zoom, type Viewport } from "./viewport.js";

/** Pixels within which a point is pointed at. */
const REACH = 9;
const HOVER_MS = 70;

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
  readonly #painter: Painter;
  readonly #overlay = new Overlay();
  readonly #tip = new Tooltip();
  readonly #controls: Controls;
  readonly #note = el("p", { class: "figloom-note figloom-state", role: "status", hidden: true });
  readonly #count = el("span", { class: "figloom-soft", role: "status" });
  readonly #line = new SelectionLine((error) => this.#fail(error));
  readonly #said = new Said(() => void this.#marks.undo());
  readonly #legend = el("div");
  readonly #stage: HTMLElement;
  readonly #stand: ReturnType<typeof densityStand>;

  #cloud: Cloud | null = null;
  #scale: Scale;
  #counts: ArrayLike<number>;
  #column: string | null;
  #stride = 1;
  #bits: Uint8Array | null = null;
  readonly #hidden = new Set<number>();
  #view: Viewport | null = null;
  #whole: Viewport | null = null;
  #mode: Mode = "move";
  #outline: Corner[] = [];
  #drawing = false;
  /** A region that is being chosen by keys, in the plane. */
  #region: Region | null = null;
  #pointed: number | null = null;
  #crosshair = false;
  #loads = 0;

  constructor(
    private readonly data: MapView,
    node: HTMLElement,
    private readonly context: DrawContext,
  ) {
    const { signal } = context;
    this.#link = data.live && context.dataset(data.live.dataset);
    this.#selection =
      this.#link &&
      new ViewSelection(this.#link, signal, {
        narrowed: () => void this.#takeSelection(),
        lost: () => {
          this.#outline = [];
          this.#mark();
          this.#countSelected();
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
    this.#stand = densityStand(data.density!, (kind) => colourOf(this.#scale, kind));
    this.#painter = new Painter(signal, (points) => (this.#stage.dataset.drawn = String(points)));
    this.#stage = drawStage(data, [this.#painter.canvas, this.#overlay.canvas, this.#tip.element]);
    this.#controls = new Controls({
      onMode: (mode) => this.#setMode(mode),
      onZoom: (factor) => this.#zoom(factor, null),
      onFit: () => this.#look(this.#whole!),
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
        legend: this.#legend,
        count: this.#count,
        line: this.#line.element,
        state: this.#note,
        said: this.#said.element,
      }),
    );
    this.#drawLegend();
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(this.#stage);
    this.context.signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    this.#resize();
  }

  #listen(): void {
    const stage = this.#stage;
    let wait: ReturnType<typeof setTimeout> | undefined;
    listen(
      stage,
      {
        mode: () => this.#mode,
        onPan: (right, down) => this.#look(pan(this.#view!, right, down)),
        onZoom: (factor, at) => this.#zoom(factor, at),
        onFit: () => this.#look(this.#whole!),
        onHover: (at) => {
          clearTimeout(wait);
          this.#point(at && this.#pointNear(at), false);
          wait = setTimeout(() => void this.#describe(), HOVER_MS);
        },
        onOpen: (at) => void this.#open(at),
        onOutline: (corners, mode, done) => this.#draw(corners, mode, done),
        onRegion: (change) => this.#changeRegion(change),
        hasRegion: () => this.#region !== null,
        onMode: (mode) => this.#setMode(mode),
        onEscape: () => this.#escape(),
        onHelp: () => this.#help(),
      },
      this.context.signal,
    );
    stage.addEventListener("focus", () => {
      this.#crosshair = stage.matches(":focus-visible");
      this.#mark();
    });
    stage.addEventListener("blur", () => {
      this.#crosshair = false;
      this.#point(null, false);
    });
    this.context.signal.addEventListener("abort", () => clearTimeout(wait), { once: true });
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
      this.#hidden.clear();
      this.#pointed = null;
      this.#say(
        points.stride > 1
          ? __("There are %1 figures: one in %2 is drawn.", integer(points.total), points.stride)
          : "",
      );
      this.#drawLegend();
      this.#drawPoints();
      this.#countSelected();
      const columns = await this.#figures!.columns();
      if (mine === this.#loads) this.#controls.offerColours(columns, this.#column);
      await this.#takeSelection();
    } catch (error) {
      if (mine === this.#loads) this.#fail(error);
    }
  }

  async #takeSelection(): Promise<void> {
    if (!this.#cloud) return;
    const mine = this.#loads;
    try {
      const bits = await this.#figures!.selected();
      if (mine !== this.#loads || this.context.signal.aborted) return;
      this.#bits = bits;
      this.#drawPoints();
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

  #resize(): void {
    const size = { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
    if (size.width < 1 || size.height < 1) return;
    const ratio = globalThis.devicePixelRatio || 1;
    const { x, y } = this.data.density!;
    const box = { x: { low: x[0], high: x[1] }, y: { low: y[0], high: y[1] } };
    const whole = fit(box, size, !axesMean(this.data));
    this.#view = this.#view && this.#whole ? refit(this.#view, this.#whole, whole) : whole;
    this.#whole = whole;
    this.#painter.resize(size, ratio);
    this.#overlay.resize(size, ratio);
    this.#drawPoints();
  }

  #look(view: Viewport): void {
    if (!this.#view) return;
    this.#view = view;
    this.#tip.close();
    this.#drawPoints();
  }

  #zoom(factor: number, at: Corner | null): void {
    if (!this.#view) return;
    const place = at ? placeAt(this.#view, this.#painter.size, at) : ([this.#view.x, this.#view.y] as const);
    this.#look(zoom(this.#view, factor, place, this.#whole!));
  }

  #drawPoints(): void {
    if (!this.#view) return;
    this.#painter.draw({
      cloud: this.#cloud,
      stand: this.#stand,
      view: this.#view,
      look: {
        colours: allColours(this.#scale),
        hidden: this.#hidden,
        selected: this.#selected,
      },
    });
    this.#mark();
  }

  /** Whether the other views leave a point; `null` where they leave all. */
  get #selected(): ((point: number) => boolean) | null {
    const bits = this.#bits;
    return bits && ((point) => ((bits[point >> 3]! >> (point & 7)) & 1) === 1);
  }

  #mark(): void {
    if (!this.#view) return;
    const at = this.#pointed;
    this.#overlay.draw({
      view: this.#view,
      ticks: axesMean(this.data),
      outline: this.#region ? rectangle(...this.#region) : this.#outline,
      drawing: this.#drawing || this.#region !== null,
      point: at === null ? null : [this.#cloud!.x[at]!, this.#cloud!.y[at]!],
      crosshair: this.#crosshair && !this.#region,
    });
  }

  #drawLegend(): void {
    const label = this.data.colour?.label ?? __("Colours");
    const onToggle = (kind: number) => {
      if (!this.#hidden.delete(kind)) this.#hidden.add(kind);
      this.#drawLegend();
      this.#legend.querySelector<HTMLElement>(`[data-kind="${kind}"]`)?.focus();
      this.#drawPoints();
    };
    const { colours } = this.#scale;
    this.#legend.replaceChildren(
      ...(colours.length === 0
        ? []
        : [
            drawLegend({
              label,
              scale: this.#scale,
              counts: this.#counts,
              hidden: this.#hidden,
              onToggle: this.#cloud ? onToggle : null,
            }),
          ]),
    );
  }

  #pointNear(at: Corner): number | null {
    if (!this.#cloud || !this.#view) return null;
    const { unitsX, unitsY } = this.#view;
    const place = placeAt(this.#view, this.#painter.size, at);
    return nearestPoint(this.#cloud, place, [REACH * unitsX, REACH * unitsY], this.#hidden);
  }

  #point(at: number | null, keepTip: boolean): void {
    if (!keepTip && at !== this.#pointed) this.#tip.close();
    this.#pointed = at;
    this.#mark();
  }

  /** Shows what is pointed at, unless the hand has gone on when the answer comes. */
  async #describe(): Promise<void> {
    const at = this.#pointed;
    if (at === null || !this.#cloud || !this.#tip.element.hidden) return;
    const cloud = this.#cloud;
    const tile = await this.#figures!.figure(cloud.point[at]!).catch(() => null);
    if (!tile || this.#pointed !== at || this.#cloud !== cloud || this.context.signal.aborted) return;
    const pixel = pixelAt(this.#view!, this.#painter.size, [cloud.x[at]!, cloud.y[at]!]);
    this.#tip.open(tile, pixel, this.#painter.size);
  }

  /** Opens the figure at a place, by keys the one nearest to the middle. */
  async #open(at: Corner | null): Promise<void> {
    const { width, height } = this.#painter.size;
    const point = at ? this.#pointNear(at) : this.#nearestToMiddle([width / 2, height / 2]);
    if (point === null || !this.#cloud) return;
    this.#point(point, false);
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

  #nearestToMiddle(middle: Corner): number | null {
    const { unitsX, unitsY } = this.#view!;
    for (let reach = REACH; reach < middle[0] * 2; reach *= 2) {
      const place = placeAt(this.#view!, this.#painter.size, middle);
      const found =
        this.#cloud && nearestPoint(this.#cloud, place, [reach * unitsX, reach * unitsY], this.#hidden);
      if (found !== null) return found;
    }
    return null;
  }

  #draw(pixels: Corner[], mode: "lasso" | "rectangle", done: boolean): void {
    // Thinned in pixels: the axes may have units of very different size.
    const thin = done ? simplify(pixels, 0.5) : pixels;
    const outline = mode === "lasso" ? thin : rectangle(pixels[0]!, pixels.at(-1)!);
    const corners = outline.map((at) => placeAt(this.#view!, this.#painter.size, at));
    this.#drawing = !done;
    if (done) this.#select(corners);
    else {
      this.#outline = corners;
      this.#mark();
    }
  }

  #changeRegion(change: "begin" | "choose" | RegionStep): void {
    if (!this.#view) return;
    if (change === "choose") {
      const corners = rectangle(...this.#region!);
      this.#region = null;
      return this.#select(corners);
    }
    this.#region =
      change === "begin"
        ? firstRegion(this.#view, this.#painter.size)
        : stepRegion(this.#region!, change, this.#view);
    this.#countSelected();
    this.#mark();
  }

  #escape(): void {
    if (this.#region) {
      this.#region = null;
      this.#countSelected();
    } else if (this.#mode !== "move") this.#setMode("move");
    else if (this.#outline.length > 0) this.#select([]);
    this.#mark();
  }

  #setMode(mode: Mode): void {
    this.#mode = mode;
    this.#stage.dataset.mode = mode;
    this.#controls.showMode(mode);
  }

  /** Makes an outline this view's part of the selection; an empty one takes it away. */
  #select(corners: Corner[]): void {
    this.#outline = corners.length < 3 ? [] : corners;
    this.#drawing = false;
    this.#countSelected();
    this.#mark();
    const label = __("outline on %1", this.data.title);
    this.#figures
      ?.select(this.#outline.length > 0 ? this.#outline : null, label)
      .catch((error: unknown) => this.#fail(error));
  }

  /** Says how many figures all views leave: the others, and what is drawn around here. */
  #countSelected(): void {
    const { placed } = this.data;
    const around = this.#region ? rectangle(...this.#region) : this.#outline;
    const any = around.length > 2;
    this.#controls.showSelection(any && !this.#region && !this.#drawing, this.#cloud !== null);
    this.#count.textContent = placedText(this.data);
    if (!this.#cloud || (!any && !this.#bits)) return;
    const count =
      this.#stride * countInside(this.#cloud, any ? around : everywhere(this.#cloud), this.#selected);
    const text = __("%1 of %2 figures", integer(count), integer(placed));
    this.#count.textContent = this.#stride > 1 ? __("about %1", text) : text;
  }
}

/** An outline around all points. */
function everywhere({ bounds: { x, y } }: Cloud): Corner[] {
  const [across, up] = [x.high - x.low || 1, y.high - y.low || 1];
  return rectangle([x.low - across, y.low - up], [x.high + across, y.high + up]);
}

/** `45 figures, 3 without a place`. */
function placedText({ placed, without }: MapView): string {
  const missing = without > 0 ? __(", %1 without a place", integer(without)) : "";
  return `${figureCount(placed)}${missing}`;
}
