import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { JSONExt, type ReadonlyPartialJSONValue } from "@lumino/coreutils";
import { Widget } from "@lumino/widgets";
import { DATASET_TARGET, relativeUrl } from "figloom/views";
import type { Draw, DrawContext } from "./context.js";
import { el } from "./dom.js";
import { noLink } from "./no-link.js";

/** What the place of an output gives to its drawing. */
export type Surroundings = (
  node: HTMLElement,
  signal: AbortSignal,
) => Pick<DrawContext, "connect" | "insertCell">;

const ALONE: Surroundings = () => ({ connect: noLink, insertCell: null });

/**
 * An output that holds one of figloom's views. The same model again leaves the drawing as it is, with its place and
 * choices; another is drawn anew, and what the drawing put into `memory` is there again.
 */
export class RenderedView<View> extends Widget implements IRenderMime.IRenderer {
  readonly #draw: Draw<View>;
  readonly #mimeType: string;
  readonly #resolver: IRenderMime.IResolver | null;
  readonly #surroundings: Surroundings;
  readonly #memory = new Map<string, unknown>();
  #drawing = new AbortController();
  #drawn: ReadonlyPartialJSONValue | undefined;

  constructor(
    { mimeType, resolver }: IRenderMime.IRendererOptions,
    className: string,
    draw: Draw<View>,
    surroundings: Surroundings | null = null,
  ) {
    super();
    this.addClass("figloom");
    this.addClass(className);
    this.#draw = draw;
    this.#mimeType = mimeType;
    this.#resolver = resolver;
    this.#surroundings = surroundings ?? ALONE;
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const view = model.data[this.#mimeType];
    if (view !== undefined && this.#drawn !== undefined && JSONExt.deepEqual(view, this.#drawn)) return;
    this.#drawing.abort();
    this.#drawing = new AbortController();
    const context = this.#context(this.#drawing.signal);
    // As high as before until the new drawing stands, so that the page below does not jump.
    this.node.style.minHeight = `${this.node.offsetHeight}px`;
    this.node.replaceChildren();
    this.#drawn = view;
    try {
      await this.#draw(view as View, this.node, context);
    } catch (error) {
      if (context.signal.aborted) return;
      this.#drawn = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      const advice = "Run the cell again; if that does not help, rebuild figloom and its extension together.";
      this.node.replaceChildren(
        el("p", { class: "figloom-note" }, `This output cannot be drawn: ${reason}. ${advice}`),
      );
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
      memory: this.#memory,
    };
  }

  async #fileUrl(path: string): Promise<string | null> {
    if (!this.#resolver) return null;
    return this.#resolver.getDownloadUrl(await this.#resolver.resolveUrl(relativeUrl(path)));
  }
}
