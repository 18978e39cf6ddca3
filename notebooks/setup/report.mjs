/** What a person reads while things are set up: one line a step, one plain sentence when something is missing. */

/** Something that the user has to change; shown as one sentence, without a stack. */
export class SetupError extends Error {}

/** Steps at work. */
const active = new Set();

/** On a terminal the last line names what is at work. */
function showActive() {
  if (process.stdout.isTTY)
    process.stdout.write(`\r\x1b[K${active.size ? `… ${[...active].join(", ")}` : ""}`);
}

/** @param {string} line */
function showLine(line) {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
}

/**
 * Runs a step and prints its name and how long it took. Several may run at the same time.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const started = Date.now();
  active.add(name);
  showActive();
  try {
    const result = await work();
    showLine(`✓ ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    showLine(`✗ ${name}`);
    throw error;
  } finally {
    active.delete(name);
    if (active.size > 0) showActive();
  }
}

/**
 * Waits for works that go on at the same time: also where one fails, so that no program is left behind.
 * @param {Promise<unknown>[]} works
 */
export async function together(...works) {
  for (const end of await Promise.allSettled(works)) if (end.status === "rejected") throw end.reason;
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
