import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The head of a Jupyter message (messaging protocol 5.3). */
export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  /** ISO 8601. */
  date: string;
  version: string;
}

/** One Jupyter message as it came from a socket. */
export interface Message {
  /** Routing frames of the peer, to be repeated in the reply. */
  identities: Uint8Array[];
  header: Header;
  /** Header of the request that this message belongs to; empty for a request. */
  parent: Partial<Header>;
  content: Record<string, unknown>;
}

export interface Outgoing {
  identities?: Uint8Array[];
  header: Header;
  parent?: Partial<Header>;
  content: object;
}

const DELIMITER = "<IDS|MSG>";

export function newHeader(msg_type: string, session: string, username = "kernel"): Header {
  return {
    msg_id: randomUUID(),
    msg_type,
    session,
    username,
    date: new Date().toISOString(),
    version: "5.3",
  };
}

/**
 * Reads the frames of one message.
 * @throws {Error} when frames are missing, the signature is not `key`'s, or a part is not JSON.
 */
export function readMessage(frames: readonly Uint8Array[], key: string): Message {
  const delimiter = frames.findIndex((frame) => Buffer.from(frame).toString() === DELIMITER);
  const [signature, ...parts] = frames.slice(delimiter + 1);
  if (delimiter < 0 || !signature || parts.length < 4)
    throw new Error("not a Jupyter message: frames missing");
  const expected = Buffer.from(sign(key, parts.slice(0, 4)));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    throw new Error("a Jupyter message with a wrong signature");
  const [header, parent, , content] = parts.map((part, i) =>
    i < 4 ? (JSON.parse(Buffer.from(part).toString()) as object) : {},
  );
  return {
    identities: frames.slice(0, delimiter),
    header: header as Header,
    parent: parent as Partial<Header>,
    content: content as Record<string, unknown>,
  };
}

/** The frames of one message, signed with `key` (an empty key means unsigned). */
export function writeMessage(message: Outgoing, key: string): (Uint8Array | string)[] {
  const parts = [message.header, message.parent ?? {}, {}, message.content].map(wholeJson);
  return [...(message.identities ?? []), DELIMITER, sign(key, parts), ...parts];
}

/**
 * JSON without halves of characters, which a cut in the middle of an emoji leaves: Jupyter cannot write them to a file, and
 * a notebook with one in an output is never saved again. They become U+FFFD.
 */
function wholeJson(value: object): string {
  // Of surrogates, `stringify` writes only lone ones as escapes; two backslashes are one that stands in the text.
  return JSON.stringify(value).replace(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (found) =>
    found === "\\\\" ? found : "\ufffd",
  );
}

function sign(key: string, parts: readonly (Uint8Array | string)[]): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}
