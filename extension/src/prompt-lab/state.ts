import { UUID } from "@lumino/coreutils";
import type { TrialSetting } from "figloom/views";

/** All that a prompt lab is set to: it outlives a reload. */
export interface LabState {
  /** Of the panel's widget: by it the layout knows the panel again. */
  id: string;
  dataset: string;
  /** Path or shipped name of the prompt that is edited. */
  name: string;
  /** The text in the editor, and the file's when it was read. */
  source: string;
  saved: string;
  /** Names of other prompts that it is compared with. */
  others: string[];
  /** Whether it is compared with the file's text. */
  withSaved: boolean;
  figures: "drawn" | "selection";
  where: string;
  sample: number;
  seed: number;
  endpoint: string;
  model: string;
  /** Empty for the prompt's own. */
  temperature: string;
  repeats: number;
}

const INITIAL: LabState = {
  id: "",
  dataset: "",
  name: "",
  source: "",
  saved: "",
  others: [],
  withSaved: true,
  figures: "drawn",
  where: "",
  sample: 6,
  seed: 1,
  endpoint: "",
  model: "",
  temperature: "",
  repeats: 1,
};

/** A state as it was stored; what does not fit is as at first. */
export function storedState(stored: Partial<Record<string, unknown>> = {}): LabState {
  const fits = (name: string, value: unknown) => {
    const usual = INITIAL[name as keyof LabState];
    return Array.isArray(usual)
      ? Array.isArray(value) && value.every((one) => typeof one === "string")
      : typeof value === typeof usual;
  };
  const known = Object.entries(stored).filter(([name, value]) => name in INITIAL && fits(name, value));
  const state = { ...INITIAL, ...Object.fromEntries(known) };
  return { ...state, id: state.id || `figloom-prompt-lab-${UUID.uuid4()}` };
}

/** Whether the editor holds what no file does. */
export const isDirty = ({ source, saved }: LabState): boolean => source !== saved;

/** What a trial is to be made of. @param among the figures of the selection, `null` for all of the dataset */
export function settingOf(state: LabState, among: string[] | null): TrialSetting {
  const { dataset, sample, seed, where, endpoint, model, temperature, repeats } = state;
  return {
    dataset,
    pick: { sample, seed, where: among === null ? where.trim() || null : null, among },
    way: {
      endpoint: endpoint || null,
      model: model.trim() || null,
      temperature: temperature.trim() === "" ? null : Number(temperature),
      repeats,
    },
  };
}
