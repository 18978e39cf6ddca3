import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { ITranslator } from "@jupyterlab/translation";
import { useTranslator } from "../common/words.js";
import { useSettings, type ViewSettings } from "./settings.js";

const ID = "@figloom/labextension:settings";

/** Reads the user's language and settings. */
export const settingsPlugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: "Gives figloom's views the user's settings and language.",
  autoStart: true,
  optional: [ISettingRegistry, ITranslator],
  activate: async (
    _app: JupyterFrontEnd,
    registry: ISettingRegistry | null,
    translator: ITranslator | null,
  ) => {
    if (translator) useTranslator(translator);
    const settings = await registry?.load(ID);
    if (!settings) return;
    const read = () => useSettings(settings.composite as Partial<ViewSettings>);
    settings.changed.connect(read);
    read();
  },
};
