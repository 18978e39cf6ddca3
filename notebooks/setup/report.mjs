/** What a person reads while things are set up: one line a step, one plain sentence when something is missing. */

/** Something that the user has to change; shown as one sentence, without a stack. */
export class SetupError extends Error {}

/**
 * Runs a step and prints its name and how long it took.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const started = Date.now();
  if (process.stdout.isTTY) process.stdout.write(`… ${name}`);
  try {
    const result = await work();
    const line = `✓ ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`;
    process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
    return result;
  } catch (error) {
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    process.stdout.write(`✗ ${name}\n`);
    throw error;
  }
}

/**
 * Ends the program as the command line promises: 2 for something to change first, 1 for anything else.
 * @param {unknown} error
 */
export function exitWith(error) {
  if (error instanceof SetupError) {
    console.error(`\n${error.message}`);
    process.exit(2);
  }
  console.error(error);
  process.exit(1);
}
