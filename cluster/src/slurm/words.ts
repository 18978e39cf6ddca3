import type { Task } from "../engine.js";

/** What stays as it is in a tasks file; every other byte is percent-encoded, so that no shell can read it wrong. */
const PLAIN = /[A-Za-z0-9_./:=@,+-]/;

/** As `%XX` a byte; an empty word as `%00`, which stands for nothing else. */
function encodeWord(word: string): string {
  if (word === "") return "%00";
  return [...Buffer.from(word)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return PLAIN.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}

/** A task as one line, which the job script reads: id, folder, variables, `--`, command. */
export function taskLine({ id, cwd, env = {}, command }: Task): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [id, cwd, ...variables, "--", ...command].map(encodeWord).join(" ");
}

/** How a person would type it, for what is shown and for shells that read it from their input. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_./:=@,+%^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function quoteWords(words: string[]): string {
  return words.map(quoteWord).join(" ");
}
