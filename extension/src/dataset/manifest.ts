/** What `dataset.json` of a figloom dataset says. */
export interface Manifest {
  name: string;
  schema_version: number;
  figloom_version: string;
  /** ISO 8601. */
  created: string;
}

/** What `runs/<run>/run.json` says, as far as it is shown. */
export interface RunFacts {
  run: string;
  stage: string;
  /** The variant of captions, the metric of scores. */
  shelf: string | null;
  started: string;
  /** `null` while the results are not sealed: the run is at work, or was killed. */
  sealed: string | null;
  /** Files of its tables, relative to the dataset. */
  files: string[];
}

/** Other programs have files of this name, too: those are `null`. */
export function readManifest(text: string): Manifest | null {
  const value = object(text);
  const { name, schema_version, figloom_version, created } = value ?? {};
  const ours =
    typeof name === "string" && typeof schema_version === "number" && typeof figloom_version === "string";
  return ours ? { name, schema_version, figloom_version, created: String(created ?? "") } : null;
}

/** `null` for what is no run of figloom's. */
export function readRun(text: string): RunFacts | null {
  const { run, stage, shelf, started, sealed, files } = object(text) ?? {};
  if (typeof run !== "string" || typeof stage !== "string") return null;
  return {
    run,
    stage,
    shelf: textOr(shelf),
    started: textOr(started) ?? "",
    sealed: textOr(sealed),
    files: Object.values(files && typeof files === "object" ? files : {}).filter(
      (file) => typeof file === "string",
    ),
  };
}

const textOr = (value: unknown): string | null => (typeof value === "string" ? value : null);

function object(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
