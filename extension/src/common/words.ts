import { nullTranslator, type ITranslator, type TranslationBundle } from "@jupyterlab/translation";

let bundle: TranslationBundle = nullTranslator.load("figloom");

/** Takes the user's language; called once, when the extension starts. */
export function useTranslator(translator: ITranslator): void {
  bundle = translator.load("figloom");
}

/** A text in the user's language; `%1`, `%2` … stand for the arguments. */
export function __(text: string, ...args: (string | number)[]): string {
  return bundle.__(text, ...args);
}

/** A text that depends on a number, which is `%1`. */
export function _n(one: string, many: string, count: number, ...args: (string | number)[]): string {
  return bundle._n(one, many, count, ...args);
}
