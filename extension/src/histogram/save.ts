/** The drawing as an SVG file of its own: black on white whatever the theme, without what hovers. */
export function svgFile(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  copy.querySelectorAll("[aria-label=tip]").forEach((tip) => tip.remove());
  copy.style.color = "black";
  copy.style.background = "white";
  copy.style.fontFamily = "system-ui, sans-serif";
  return new XMLSerializer().serializeToString(copy);
}

/** Lets the browser save a drawing. */
export function saveSvg(drawing: SVGSVGElement, name: string): void {
  const url = URL.createObjectURL(new Blob([svgFile(drawing)], { type: "image/svg+xml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
