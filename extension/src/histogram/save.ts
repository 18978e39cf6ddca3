/** Lets the browser save files. */
import { binsAt, rowsOf, type Choice, type HistogramView, type RowCounts } from "figloom/views";

/** The drawing as an SVG file of its own: black on white whatever the theme, without what hovers. */
export function svgFile(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  copy.removeAttribute("aria-hidden");
  copy.setAttribute("role", "img");
  copy.querySelectorAll("[aria-label=tip]").forEach((tip) => tip.remove());
  copy.style.color = "black";
  copy.style.background = "white";
  copy.style.fontFamily = "system-ui, sans-serif";
  copy.style.setProperty("--plot-background", "white");
  return new XMLSerializer().serializeToString(copy);
}

/** The counts of every bin as CSV (RFC 4180), a line for each bin of each series. */
export function csvFile(view: HistogramView, choice: Choice, counts: RowCounts): string {
  const bins = binsAt(view, choice);
  const head = [
    ...(view.panels ? [view.panels.label] : []),
    "series",
    "from",
    "to",
    "count",
    "share",
    "selected",
  ];
  const lines = rowsOf(view).flatMap((row) => {
    const { all, selected } = counts(row);
    const kept = bins && selected ? bins.count(selected) : null;
    return (bins?.count(all) ?? []).map((count, i) => [
      ...(view.panels ? [row.panel] : []),
      row.series.name,
      bins!.edges[i]!,
      bins!.edges[i + 1]!,
      count,
      Number((count / Math.max(1, row.series.n)).toPrecision(6)),
      kept ? kept[i]! : "",
    ]);
  });
  return [head, ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function saveFile(content: string | Blob, type: string, name: string): void {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The drawing as PNG, with twice as many pixels as on the page. */
export async function pngFile(drawing: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgFile(drawing))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  for (const side of ["width", "height"] as const) canvas[side] = 2 * Number(drawing.getAttribute(side));
  const brush = canvas.getContext("2d")!;
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))),
      "image/png",
    ),
  );
}
