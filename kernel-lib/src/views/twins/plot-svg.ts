import { plotOptions, type PlotSpec } from "../plot-spec.js";
import { printable } from "../../text/printable.js";
import { Html } from "./html.js";

/** A drawing as inline SVG. */
export async function plotSvg(spec: PlotSpec): Promise<Html> {
  const { drawing } = await drawn(spec);
  return new Html(`<div class="plot">${printable(drawing.outerHTML)}</div>`);
}

/** A drawing as an SVG file of its own, on white. */
export async function plotFile(spec: PlotSpec): Promise<string> {
  const { drawing, serializer } = await drawn(spec);
  drawing.setAttribute("style", "background:#fff;color:#1c2128;font:12px system-ui,sans-serif");
  return `${printable(serializer.serializeToString(drawing))}\n`;
}

/** Plot needs a document to draw in; both libraries load only when something is drawn. */
async function drawn(spec: PlotSpec): Promise<{ drawing: Element; serializer: XMLSerializer }> {
  const [{ JSDOM }, Plot] = await Promise.all([import("jsdom"), import("@observablehq/plot")]);
  const { window } = new JSDOM("");
  const drawing = Plot.plot({ ...plotOptions(spec, Plot), document: window.document });
  drawing.setAttribute("role", "img");
  // Plot names its groups without giving them a role.
  for (const group of drawing.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  return { drawing, serializer: new window.XMLSerializer() };
}
