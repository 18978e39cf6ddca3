/** Ends servers whose worker was killed and could not do it. */
import { spawn, type ChildProcess } from "node:child_process";

/**
 * Is told which process groups to look after when it starts, and reads which more (`+ 123`), and which no more (`- 123`).
 * Its input ends with the worker that holds the other end, however that ends: then it ends the groups that are left.
 */
const SCRIPT = `
trap '' HUP INT TERM USR1 USR2
groups="$*"
while read -r sign group; do
  rest=
  for each in $groups; do [ "$each" = "$group" ] || rest="$rest $each"; done
  groups=$rest
  [ "$sign" = + ] && groups="$groups $group"
done
for each in $groups; do kill -TERM "-$each"; done
for second in 1 2 3 4 5; do
  left=
  for each in $groups; do kill -0 "-$each" && left=yes; done
  [ -n "$left" ] || exit 0
  sleep 1
done
for each in $groups; do kill -KILL "-$each"; done
`;

/**
 * A small shell in a session of its own, so that what ends the worker's process group leaves it be. Where somebody ends
 * it all the same, another takes its place.
 */
export class Watchdog {
  readonly #groups = new Set<number>();
  #shell: ChildProcess | null = null;
  #closed = false;

  /** Resolves when the group is sure to be ended with this process. */
  async guard(group: number): Promise<void> {
    this.#groups.add(group);
    await this.#tell("+", group);
  }

  /** The group has ended: its number may soon be another's. */
  async release(group: number): Promise<void> {
    if (this.#groups.delete(group) && this.#shell) await this.#tell("-", group);
  }

  close(): void {
    this.#closed = true;
    this.#shell?.stdin?.end();
  }

  async #tell(sign: "+" | "-", group: number): Promise<void> {
    const shell = this.#shell;
    if (shell)
      await new Promise<void>((resolve) => shell.stdin!.write(`${sign} ${group}\n`, () => resolve()));
    else this.#shell = this.#start();
  }

  /** It knows all groups from its first moment: this process may be killed in the next. */
  #start(): ChildProcess {
    const groups = Array.from(this.#groups, String);
    const shell = spawn("/bin/sh", ["-c", SCRIPT, "watchdog", ...groups], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    shell.stdin!.on("error", () => undefined);
    shell.once("error", () => undefined);
    shell.once("exit", () => {
      if (this.#shell !== shell) return;
      this.#shell = !this.#closed && this.#groups.size > 0 ? this.#start() : null;
    });
    shell.unref();
    (shell.stdin as { unref?: () => void }).unref?.();
    return shell;
  }
}
