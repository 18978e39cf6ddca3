/** Pictures out of data URLs: decoded, in which order and how many at a time. */

export interface Size {
  width: number;
  height: number;
}

/** A picture at the size in which it is shown. It holds its memory until it is closed or drawn. */
export interface Decoded {
  bitmap: ImageBitmap;
  natural: Size;
  scale: number;
}

/** How long a decoded picture waits for those that are decoded at the same time. */
const PATIENCE_MS = 50;

/** Whether this browser decodes pictures without showing them. */
export const canDecode = (): boolean => typeof createImageBitmap !== "undefined";

let decoding = 0;
const waiting: (() => void)[] = [];
const outOfSight: (() => void)[] = [];
let patience: ReturnType<typeof setTimeout> | undefined;

/**
 * Decodes a picture and waits for those that are decoded meanwhile: each frame with new pictures takes long, however many they are.
 * @param url data URL of an image
 * @param scaleFor how large it is shown, to its natural size
 * @throws {DOMException} for a damaged picture
 */
export async function decodeTogether(url: string, scaleFor: (natural: Size) => number): Promise<Decoded> {
  decoding++;
  try {
    return await decode(url, scaleFor);
  } finally {
    if (--decoding === 0) {
      goOn();
      for (const resolve of outOfSight.splice(0)) setTimeout(resolve);
    } else {
      patience ??= setTimeout(goOn, PATIENCE_MS);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }
}

/** Pictures out of sight, such as a gallery's next rows, let those in sight of the same frame go first. */
export async function thoseInSight(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  if (decoding > 0) await new Promise<void>((resolve) => outOfSight.push(resolve));
}

function goOn(): void {
  clearTimeout(patience);
  patience = undefined;
  for (const resolve of waiting.splice(0)) resolve();
}

async function decode(url: string, scaleFor: (natural: Size) => number): Promise<Decoded> {
  const [, type, data] = /^data:([^;]+);base64,(.*)$/.exec(url)! as unknown as [string, string, string];
  const bytes = bytesOf(data);
  const fromBlob = () => createImageBitmap(new Blob([bytes], { type }));
  const picture = await (typeof ImageDecoder === "undefined"
    ? fromBlob()
    : pixelsOf(bytes, type).catch(fromBlob));
  const { width, height } = picture;
  const scale = scaleFor(picture);
  const bitmap = await createImageBitmap(picture, {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
    // As browsers draw an `img`; `high` takes long enough to hold up scrolling.
    resizeQuality: "medium",
  });
  if ("close" in picture) picture.close();
  return { bitmap, natural: { width, height }, scale };
}

/**
 * A picture without a blob, of which each costs calls of another process. Many browsers do this on secure pages only. Frames
 * are copied, as browsers keep those that are drawn.
 * @throws {Error} for a damaged picture, and where the browser cannot copy pixels
 */
async function pixelsOf(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<ImageData> {
  const decoder = new ImageDecoder({ data: bytes, type });
  try {
    const { image: frame } = await decoder.decode();
    try {
      const format = { format: "RGBA" } as const;
      const pixels = new Uint8ClampedArray(frame.allocationSize(format));
      await frame.copyTo(pixels, format);
      return new ImageData(pixels, frame.displayWidth, frame.displayHeight);
    } finally {
      frame.close();
    }
  } finally {
    decoder.close();
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
