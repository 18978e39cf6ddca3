import { kernelsPlugin } from "./common/kernels.js";
import { shortcutsPlugin } from "./common/shortcuts.js";
import { datasetBrowserPlugin } from "./dataset/browser-plugin.js";
import { datasetPlugin } from "./dataset/plugin.js";
import { diffPlugin } from "./diff/plugin.js";
import { galleryPlugin } from "./gallery/plugin.js";
import { histogramPlugin } from "./histogram/plugin.js";
import { launcherPlugin } from "./launcher/plugin.js";
import { mapPlugin } from "./map/plugin.js";
import { matrixPlugin } from "./matrix/plugin.js";
import { promptLabPlugin } from "./prompt-lab/plugin.js";
import { runPlugin } from "./run/plugin.js";
import { runsPlugin } from "./runs/plugin.js";
import { serversPlugin } from "./servers/plugin.js";
import { settingsPlugin } from "./settings/plugin.js";

export default [
  kernelsPlugin,
  shortcutsPlugin,
  settingsPlugin,
  galleryPlugin,
  diffPlugin,
  histogramPlugin,
  matrixPlugin,
  promptLabPlugin,
  mapPlugin,
  runPlugin,
  runsPlugin,
  launcherPlugin,
  serversPlugin,
  datasetPlugin,
  datasetBrowserPlugin,
];
