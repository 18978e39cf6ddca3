/** How views look at first, see `schema/settings.json`. */
export interface ViewSettings {
  /** Width of a gallery's tiles in pixels, 80 to 400. */
  tileSize: number;
  /** Height in pixels of views under a cell that have a height of their own, 240 to 2000. */
  viewHeight: number;
  diffUnit: "word" | "sentence";
  diffLayout: "unified" | "split";
}

/** What holds without JupyterLab's settings, and until they are read. */
const DEFAULTS: ViewSettings = { tileSize: 180, viewHeight: 560, diffUnit: "word", diffLayout: "unified" };

let current = DEFAULTS;

/** The user's settings, as they are now: a view reads them when it is drawn. */
export function viewSettings(): Readonly<ViewSettings> {
  return current;
}

/** Takes the user's settings, which JupyterLab has checked against the schema. Heights follow them at once. */
export function useSettings(composite: Partial<ViewSettings>): void {
  current = { ...DEFAULTS, ...composite };
  document.documentElement.style.setProperty("--figloom-view-height", `${current.viewHeight}px`);
}
