/** A plain client of the imitation server, for its tests. */
import { createHash } from "node:crypto";
import sharp from "sharp";
import { onTestFinished } from "vitest";
import { MockServer, type MockServerOptions } from "../../../../cluster/src/mock-server/index.js";

export const MODEL = "figloom-mock-vl";

/** A server that goes a hundred times as fast as the real one would, closed after the test. */
export async function serve(options: MockServerOptions = {}): Promise<MockServer> {
  const server = await MockServer.start({ speed: 100, ...options });
  onTestFinished(() => server.close());
  return server;
}

export const picture = (width = 64, height = 64, background = "white"): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

export const shaOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

export const dataUrl = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString("base64")}`;

export const imagePart = (bytes: Buffer, uuid: string | undefined = shaOf(bytes)) => ({
  type: "image_url",
  image_url: { url: dataUrl(bytes) },
  uuid,
});

export const textPart = (text: string) => ({ type: "text", text });

/** A request about a figure; `more` replaces fields. */
export const question = (parts: unknown, more: object = {}): Record<string, unknown> => ({
  model: MODEL,
  messages: [
    { role: "system", content: "Write a caption in one sentence." },
    { role: "user", content: parts },
  ],
  max_tokens: 200,
  ...more,
});

export interface Asking {
  id?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export function post(
  server: MockServer,
  body: unknown,
  { id, headers, signal }: Asking = {},
): Promise<Response> {
  return fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(id !== undefined && { "x-request-id": id }),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** The text of the first choice. */
export async function answered(response: Response): Promise<string> {
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]!.message.content;
}

/** A metric's value, of the first series by this name. */
export async function metric(server: MockServer, name: string, labels = ""): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name}{`) && each.includes(labels));
  return Number(line?.split(" ").at(-1));
}

/** Waits for a condition, however long it takes. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
