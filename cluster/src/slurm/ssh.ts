import { quoteWord, quoteWords } from "./words.js";

/** Fails rather than asks for a password, and soon when the host is not there. */
export const sshWords = (login: string, command: string): string[] => [
  ...["ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15"],
  ...["--", login, command],
];

/** The exit code of ssh itself; those of commands are lower. */
export const SSH_FAILED = 255;

/**
 * What a remote `sh -s` is to read: it runs one command with some of the variables it has, and with the given ones.
 * Read from the shell's input, the words need no quoting for the login's own shell, and no value is seen on a command
 * line.
 * @param kept names of the variables that stay, of those there
 * @param mark printed on both outputs first: what comes before is not the command's, see {@link behindMark}
 */
export function remoteScript(
  words: string[],
  kept: string[],
  variables: Record<string, string>,
  mark: string,
): string {
  return [
    `echo ${mark}; echo ${mark} >&2`,
    "for name in $(env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p'); do",
    `  case ${quoteWord(` ${kept.join(" ")} `)} in *" $name "*) ;; *) unset "$name" ;; esac`,
    "done",
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoteWord(value)}`),
    `exec ${quoteWords(words)} </dev/null`,
    "",
  ].join("\n");
}

/**
 * An output without what stands before the mark: a host's banner, and whatever the login's own files print, which may
 * look like a command's answer. All of it where there is no mark.
 */
export function behindMark(output: string, mark: string): string {
  const at = output.lastIndexOf(`${mark}\n`);
  return at < 0 ? output : output.slice(at + mark.length + 1);
}
