import { homedir } from "node:os";
import { join } from "node:path";

/** Where this user's figloom keeps what it can do without. */
export function cacheFolder(): string {
  const { FIGLOOM_CACHE, XDG_CACHE_HOME } = process.env;
  return FIGLOOM_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "figloom");
}
