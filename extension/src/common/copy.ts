import { __ } from "./words.js";

/**
 * Puts text on the clipboard.
 * @throws where the browser does not let a page copy
 */
export async function copyText(text: string): Promise<void> {
  // Plain http from another machine is no secure context: there is no `navigator.clipboard`.
  const copied = "clipboard" in navigator && (await writeText(text));
  if (!copied && !copyByCommand(text))
    throw new Error(__("The browser does not let this page copy. Open JupyterLab by https or on localhost."));
}

const writeText = (text: string): Promise<boolean> =>
  navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );

/** The older way, which works within a user's click or key on any page. */
function copyByCommand(text: string): boolean {
  let heard = false;
  const give = (event: ClipboardEvent) => {
    heard = true;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", give, { capture: true, once: true });
  try {
    return document.execCommand("copy") && heard;
  } catch {
    return false;
  } finally {
    document.removeEventListener("copy", give, { capture: true });
  }
}
