import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { relativeUrl } from "figloom/views";
import type { Draw } from "./context.js";
import { el } from "./dom.js";
import { noLink } from "./no-link.js";

/** An output that holds one of figloom's views. Each model draws anew, whatever was there before. */
export class RenderedView<View> extends Widget implements IRenderMime.IRenderer {
  readonly #draw: Draw<View>;
  readonly #mimeType: string;
  readonly #resolver: IRenderMime.IResolver | null;
  #drawing = new AbortController();

  constructor({ mimeType, resolver }: IRenderMime.IRendererOptions, className: string, draw: Draw<View>) {
    super();
    this.addClass("figloom");
    this.addClass(className);
    this.#draw = draw;
    this.#mimeType = mimeType;
    this.#resolver = resolver;
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.#drawing.abort();
    this.#drawing = new AbortController();
    this.node.replaceChildren();
    const context = {
      signal: this.#drawing.signal,
      fileUrl: (path: string) => this.#fileUrl(path),
      dataset: noLink,
      connect: noLink,
      insertCell: null,
    };
    try {
      await this.#draw(model.data[this.#mimeType] as View, this.node, context);
    } catch (error) {
      if (context.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      const advice = "Run the cell again; if that does not help, rebuild figloom and its extension together.";
      this.node.replaceChildren(
        el("p", { class: "figloom-note" }, `This output cannot be drawn: ${reason}. ${advice}`),
      );
    }
  }

  override dispose(): void {
    this.#drawing.abort();
    super.dispose();
  }

  async #fileUrl(path: string): Promise<string | null> {
    if (!this.#resolver) return null;
    return this.#resolver.getDownloadUrl(await this.#resolver.resolveUrl(relativeUrl(path)));
  }
}
