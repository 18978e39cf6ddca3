import { RUN_MIME } from "figloom/views";
import { viewPlugin } from "../common/plugin.js";
import { drawRun } from "./run.js";
import { runView } from "./schema.js";

export const runPlugin = viewPlugin({
  name: "run",
  description: "Follows long work as it goes on: progress, servers, failures; pauses and cancels it.",
  mimeType: RUN_MIME,
  schema: runView,
  draw: drawRun,
});
