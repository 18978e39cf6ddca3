import { PageConfig } from "@jupyterlab/coreutils";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { JSONExt, type ReadonlyPartialJSONValue } from "@lumino/coreutils";
import { Widget } from "@lumino/widgets";
import { DATASET_TARGET, relativeUrl } from "figloom/views";
import type { ZodMiniType } from "zod/mini";
import type { Draw, DrawContext, Redraw } from "./context.js";
import { el } from "./dom.js";
import { isAbsolute, serverPath } from "./files.js";
import { noLink } from "./no-link.js";
import { misfit } from "./schema.js";
import { __ } from "./words.js";

/** What the place of an output gives to its drawing. */
export type Surroundings = (
  node: HTMLElement,
  signal: AbortSignal,
) => Pick<DrawContext, "connect" | "insertCell">;

const ALONE: Surroundings = () => ({ connect: noLink, insertCell: null });

/**
 * An output that holds one of figloom's views. The same model again leaves the drawing as it is; another is a later state
 * for drawings that can change to it, and drawn anew for others.
 */
export class RenderedView<View> extends Widget implements IRenderMime.IRenderer {
  readonly #schema: ZodMiniType<View>;
  readonly #draw: Draw<View>;
  readonly #mimeType: string;
  readonly #resolver: IRenderMime.IResolver | null;
  readonly #surroundings: Surroundings;
  #drawing = new AbortController();
  #drawn: ReadonlyPartialJSONValue | undefined;
  #redraw: Redraw<View> | null = null;

  constructor(
    { mimeType, resolver }: IRenderMime.IRendererOptions,
    className: string,
    schema: ZodMiniType<View>,
    draw: Draw<View>,
    surroundings: Surroundings | null = null,
  ) {
    super();
    this.addClass("figloom");
    this.addClass(className);
    this.#schema = schema;
    this.#draw = draw;
    this.#mimeType = mimeType;
    this.#resolver = resolver;
    this.#surroundings = surroundings ?? ALONE;
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const view = model.data[this.#mimeType];
    if (view !== undefined && this.#drawn !== undefined && JSONExt.deepEqual(view, this.#drawn)) return;
    this.#drawn = view;
    const place = misfit(this.#schema, view);
    if (place !== null) return this.#drawMisfit(place);
    if (!this.#change(view as View)) await this.#drawAnew(view as View);
  }

  #drawMisfit(place: string): void {
    this.#drawing.abort();
    this.#redraw = null;
    const reason =
      place === "" ? __("it is no such view") : __("what it says as “%1” is not understood", place);
    this.node.replaceChildren(el("p", { class: "figloom-note" }, undrawable(reason)));
  }

  #change(view: View): boolean {
    if (!this.#redraw) return false;
    try {
      this.#redraw(view);
      return true;
    } catch {
      // Drawing anew says what is wrong with it.
      return false;
    }
  }

  async #drawAnew(view: View): Promise<void> {
    this.#drawing.abort();
    this.#drawing = new AbortController();
    this.#redraw = null;
    const context = this.#context(this.#drawing.signal);
    // As high as before until the new drawing stands, so that the page below does not jump.
    this.node.style.minHeight = `${this.node.offsetHeight}px`;
    this.node.replaceChildren();
    try {
      const redraw = (await this.#draw(view, this.node, context)) ?? null;
      if (!context.signal.aborted) this.#redraw = redraw;
    } catch (error) {
      if (context.signal.aborted) return;
      this.#drawn = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      this.node.replaceChildren(el("p", { class: "figloom-note" }, undrawable(reason)));
    }
    if (!context.signal.aborted) this.node.style.minHeight = "";
  }

  override dispose(): void {
    this.#drawing.abort();
    super.dispose();
  }

  #context(signal: AbortSignal): DrawContext {
    const { connect, insertCell } = this.#surroundings(this.node, signal);
    return {
      signal,
      connect,
      insertCell,
      dataset: (folder) => connect(DATASET_TARGET, { dataset: folder }),
      fileUrl: (path) => this.#fileUrl(path),
    };
  }

  async #fileUrl(path: string): Promise<string | null> {
    if (!this.#resolver) return null;
    if (!isAbsolute(path))
      return this.#resolver.getDownloadUrl(await this.#resolver.resolveUrl(relativeUrl(path)));
    const file = serverPath(path, PageConfig.getOption("serverRoot"));
    return file === null ? null : this.#resolver.getDownloadUrl(relativeUrl(file));
  }
}

const undrawable = (reason: string): string =>
  __(
    "This output cannot be drawn: %1. Run the cell again; if that does not help, rebuild figloom and its extension together.",
    reason,
  );
