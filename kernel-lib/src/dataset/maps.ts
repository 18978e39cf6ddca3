import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { namesIn } from "../disk/files.js";

/** A map's name is a file name: small letters, digits and hyphens. */
const NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;

export type MapMethod = "umap" | "pca";

const RECORD = z.object({
  name: z.string().regex(NAME),
  /** Stands in every row of the Parquet file, too: a record and rows that do not belong together are no map. */
  made: z.string(),
  method: z.enum(["umap", "pca"]),
  features: z.object({
    name: z.string(),
    version: z.number(),
    description: z.string(),
    dimensions: z.number().int().positive(),
  }),
  seed: z.number().int(),
  /** Figures that the layout was worked out from. */
  fitted: z.number().int().nonnegative(),
  /** Further figures, that were placed in it. */
  placed: z.number().int().nonnegative(),
  /** Figures without a place, such as for want of a picture. */
  without: z.number().int().nonnegative(),
  /** Share of the features' variance that the two axes show, 0..1; `null` for UMAP, where it means nothing. */
  variance: z.number().nullable(),
  projection: z.object({ mean: z.array(z.number()), axes: z.array(z.array(z.number())) }),
  figloom_version: z.string(),
  created: z.string(),
});

/** How a map was made, as `maps/<name>.json` keeps it. */
export type MapRecord = z.infer<typeof RECORD>;

export const isMapName = (name: string): boolean => NAME.test(name);
export const mapsFolder = (folder: string): string => join(folder, "maps");
export const rowsPath = (folder: string, name: string): string => join(mapsFolder(folder), `${name}.parquet`);
export const recordPath = (folder: string, name: string): string => join(mapsFolder(folder), `${name}.json`);

/** Names of the maps that a dataset has. */
export async function mapNames(folder: string): Promise<string[]> {
  const files = await namesIn(mapsFolder(folder));
  return files
    .filter((file) => file.endsWith(".parquet"))
    .map((file) => file.slice(0, -".parquet".length))
    .filter((name) => isMapName(name) && files.includes(`${name}.json`));
}

/** How a map was made; `null` where there is none that this figloom can read. */
export async function readRecord(folder: string, name: string): Promise<MapRecord | null> {
  try {
    const { data } = RECORD.safeParse(JSON.parse(await readFile(recordPath(folder, name), "utf8")));
    return data?.name === name ? data : null;
  } catch {
    return null;
  }
}

/** `by look (…): UMAP of 2,000 figures, 40 more placed among them, seed 1` */
export function recordText({ method, features, fitted, placed, seed, variance }: MapRecord): string {
  const figures = `${fitted.toLocaleString("en")} figures`;
  const further = placed > 0 ? `, ${placed.toLocaleString("en")} more placed among them` : "";
  const how =
    method === "umap"
      ? `UMAP of ${figures}${further}, seed ${seed}; near means alike, far says nothing`
      : `PCA of ${figures}${further}${variance === null ? "" : `; the axes show ${(100 * variance).toFixed(0)} % of the variance`}`;
  return `by ${features.description}: ${how}`;
}
