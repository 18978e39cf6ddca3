/** Reading the values of options. */

/** A whole number from `least`. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw invalid(`It is a whole number from ${least}.`);
  };
}

export function positive(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw invalid("It is a number over 0.");
}

/** Words separated by commas. */
export const list = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

/** For an option that can be given several times. */
export const oneMore = (text: string, before: string[] = []): string[] => [...before, text];

/** Without what was not given. */
export function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** commander knows its error by this code. */
const invalid = (message: string): Error =>
  Object.assign(new Error(message), { code: "commander.invalidArgument" });
