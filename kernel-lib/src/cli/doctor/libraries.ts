import type { Finding } from "./finding.js";

const GET = "Install the packages again: npm ci.";

/** Whether the libraries with binaries load on this machine. */
export function libraryChecks(): Promise<Finding[]> {
  return Promise.all([
    library("sharp", "Decodes and writes pictures.", async () => {
      const { default: sharp } = await import("sharp");
      return `${sharp.versions.sharp ?? "loaded"} (libvips ${sharp.versions.vips})`;
    }),
    library("PDFium", "Draws PDF figures.", async () => {
      const { PDFiumLibrary } = await import("@hyzyla/pdfium");
      (await PDFiumLibrary.init()).destroy();
      return "loaded";
    }),
    library("DuckDB", "Stores and queries the dataset.", async () => {
      const { version } = await import("@duckdb/node-api");
      return version();
    }),
  ]);
}

async function library(name: string, adds: string, load: () => Promise<string>): Promise<Finding> {
  const found = await load().catch(() => null);
  return { name, found, required: true, adds, get: GET };
}
