import type { ContentLimits, Drawn, Font, Opened, PageContents, Reply, Request } from "./messages.js";

/** PDFium's C functions as WebAssembly exports them: handles, addresses and numbers, all numbers. */
interface Pdfium {
  [name: `_FPDF${string}`]: (...values: number[]) => number;
  HEAPU8: Uint8Array;
  HEAPU16: Uint16Array;
  HEAPU32: Uint32Array;
  HEAPF32: Float32Array;
  HEAPF64: Float64Array;
  wasmExports: { malloc(bytes: number): number; free(address: number): void };
}

/**
 * The program of the process that holds PDFium: opens one document at a time, tells what is on its pages and draws them.
 * It travels as text, so that it may use nothing from outside its braces.
 */
export function pdfiumProgram(require: NodeJS.Require): void {
  const { Worker } = require("node:worker_threads") as typeof import("node:worker_threads");
  const { PDFiumLibrary } = require(process.argv[1]!) as typeof import("@hyzyla/pdfium");
  type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
  type Rectangle = [x0: number, y0: number, x1: number, y1: number];

  const TEXT = 1;
  const IMAGE = 3;
  const PATH = 2;
  const SHADING = 4;
  const FORM = 5;
  const FORM_DEPTH = 12;
  /** Text render mode: neither filled nor stroked. */
  const INVISIBLE = 3;
  /** A clip of more segments is taken for none. */
  const CLIP_SEGMENTS = 2000;
  const WHITE = 250;

  let pdfium: Pdfium;
  /** Memory for what functions give back through addresses. */
  let scratch: number;
  const SCRATCH_BYTES = 4096;
  let [file, document] = [0, 0];
  /** The page that was asked for last stays read: what is on it is mostly asked for right after it is drawn. */
  let held = { number: 0, handle: 0 };

  const start = async () => {
    const library = await PDFiumLibrary.init();
    pdfium = (library as unknown as { module: Pdfium }).module;
    scratch = pdfium.wasmExports.malloc(SCRATCH_BYTES);
  };
  const floats = (count: number) => pdfium.HEAPF32.subarray(scratch >> 2, (scratch >> 2) + count);
  const doubles = (count: number) => pdfium.HEAPF64.subarray(scratch >> 3, (scratch >> 3) + count);

  const open = (bytes: Uint8Array): Opened => {
    closePage();
    if (document) pdfium._FPDF_CloseDocument!(document);
    if (file) pdfium.wasmExports.free(file);
    file = pdfium.wasmExports.malloc(bytes.length);
    if (!file) throw new Error("there is not enough memory for it");
    pdfium.HEAPU8.set(bytes, file);
    document = pdfium._FPDF_LoadMemDocument!(file, bytes.length, 0);
    if (!document) {
      const code = pdfium._FPDF_GetLastError!();
      throw Object.assign(new Error(code === 4 ? "it needs a password" : "it is not a sound PDF"), { code });
    }
    const info = { Title: "", Author: "", Subject: "", Keywords: "", Creator: "", Producer: "" };
    for (const field of Object.keys(info) as (keyof typeof info)[]) info[field] = metaText(field);
    return { pages: pdfium._FPDF_GetPageCount!(document), info };
  };

  const metaText = (field: string): string => {
    const name = scratch + 2048;
    pdfium.HEAPU8.set(Buffer.from(`${field}\0`, "latin1"), name);
    const bytes = pdfium._FPDF_GetMetaText!(document, name, scratch, 2048);
    if (bytes < 2 || bytes > 2048) return "";
    return Buffer.from(pdfium.HEAPU8.subarray(scratch, scratch + bytes - 2)).toString("utf16le");
  };

  const readPage = (number: number): number => {
    if (held.number !== number) {
      closePage();
      held = { number, handle: pdfium._FPDF_LoadPage!(document, number - 1) };
    }
    if (!held.handle) throw new Error(`page ${number} cannot be read`);
    return held.handle;
  };

  const closePage = () => {
    if (held.handle) pdfium._FPDF_ClosePage!(held.handle);
    held = { number: 0, handle: 0 };
  };

  const pageSize = (page: number) => ({
    width: pdfium._FPDF_GetPageWidth!(page),
    height: pdfium._FPDF_GetPageHeight!(page),
  });

  /** Without reading what is on the page, which is half of the work of drawing it. */
  const sizeOf = (number: number) => {
    if (!pdfium._FPDF_GetPageSizeByIndexF!(document, number - 1, scratch))
      throw new Error(`page ${number} cannot be read`);
    const [width, height] = floats(2) as unknown as [number, number];
    return { width, height };
  };

  const times = (m: Matrix, n: Matrix): Matrix => [
    m[0] * n[0] + m[1] * n[2],
    m[0] * n[1] + m[1] * n[3],
    m[2] * n[0] + m[3] * n[2],
    m[2] * n[1] + m[3] * n[3],
    m[4] * n[0] + m[5] * n[2] + n[4],
    m[4] * n[1] + m[5] * n[3] + n[5],
  ];
  const apply = (m: Matrix, x: number, y: number) =>
    [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]] as const;
  const mapped = (m: Matrix, [x0, y0, x1, y1]: Rectangle): Rectangle => [
    Math.min(m[0] * x0, m[0] * x1) + Math.min(m[2] * y0, m[2] * y1) + m[4],
    Math.min(m[1] * x0, m[1] * x1) + Math.min(m[3] * y0, m[3] * y1) + m[5],
    Math.max(m[0] * x0, m[0] * x1) + Math.max(m[2] * y0, m[2] * y1) + m[4],
    Math.max(m[1] * x0, m[1] * x1) + Math.max(m[3] * y0, m[3] * y1) + m[5],
  ];

  /** From the page's own coordinates to points from the top left of what is shown. */
  const shownMatrix = (page: number): Matrix => {
    const { width, height } = pageSize(page);
    // PDFium answers in whole pixels, so that it is asked at a great scale.
    const scale = 1000;
    const point = (x: number, y: number) => {
      const sizes = [0, 0, Math.round(width * scale), Math.round(height * scale), 0] as const;
      pdfium._FPDF_PageToDevice!(page, ...sizes, x, y, scratch, scratch + 4);
      const whole = new Int32Array(pdfium.HEAPU8.buffer, scratch, 2);
      return [whole[0]! / scale, whole[1]! / scale] as const;
    };
    const [e, f] = point(0, 0);
    const [ax, ay] = point(1000, 0);
    const [cx, cy] = point(0, 1000);
    return [(ax - e) / 1000, (ay - f) / 1000, (cx - e) / 1000, (cy - f) / 1000, e, f];
  };

  const contents = (page: number, limits: ContentLimits): PageContents => {
    const shown = shownMatrix(page);
    const { width, height } = pageSize(page);
    const glyphs = readGlyphs(page, shown, limits.glyphs);
    const boxes = readObjects(page, shown, [0, 0, width, height], limits.objects);
    return { width, height, ...glyphs, ...boxes, cut: glyphs.cut || boxes.cut };
  };

  const readGlyphs = (page: number, shown: Matrix, limit: number) => {
    const text = pdfium._FPDFText_LoadPage!(page);
    if (!text) throw new Error("its text cannot be read");
    const count = pdfium._FPDFText_CountChars!(text);
    const codes: number[] = [];
    const ink: number[] = [];
    const cells: number[] = [];
    const origins: number[] = [];
    const sizes: number[] = [];
    const angles: number[] = [];
    const fonts: number[] = [];
    const spaced: number[] = [];
    const unseen: number[] = [];
    const fontTable: Font[] = [];
    const fontsSeen = new Map<number, number>();
    let object = -1;
    let style = { size: 0, angle: 0, font: 0, unseen: 0 };
    let space = 0;
    for (let i = 0; i < count && codes.length < limit; i++) {
      const code = readCode(text, i);
      if (code <= 0x20 || code === 0xa0 || pdfium._FPDFText_IsGenerated!(text, i) === 1) {
        space = 1;
        continue;
      }
      const owner = pdfium._FPDFText_GetTextObject!(text, i);
      if (owner !== object) {
        object = owner;
        style = readStyle(text, i, owner, shown, fontTable, fontsSeen);
      }
      pdfium._FPDFText_GetCharBox!(text, i, scratch, scratch + 8, scratch + 16, scratch + 24);
      const [left, right, bottom, top] = doubles(4) as unknown as Rectangle;
      ink.push(...mapped(shown, [left, bottom, right, top]));
      if (pdfium._FPDFText_GetLooseCharBox!(text, i, scratch)) {
        const [x0, y1, x1, y0] = floats(4) as unknown as Rectangle;
        cells.push(...mapped(shown, [x0, y0, x1, y1]));
      } else cells.push(...ink.slice(-4));
      pdfium._FPDFText_GetCharOrigin!(text, i, scratch, scratch + 8);
      origins.push(...apply(shown, doubles(2)[0]!, doubles(2)[1]!));
      codes.push(code);
      sizes.push(style.size);
      angles.push(style.angle);
      fonts.push(style.font);
      spaced.push(space);
      unseen.push(style.unseen);
      space = 0;
    }
    pdfium._FPDFText_ClosePage!(text);
    return {
      glyphs: {
        codes: Uint32Array.from(codes),
        ink: Float32Array.from(ink),
        cells: Float32Array.from(cells),
        origins: Float32Array.from(origins),
        sizes: Float32Array.from(sizes),
        angles: Uint16Array.from(angles),
        fonts: Uint16Array.from(fonts),
        spaced: Uint8Array.from(spaced),
        unseen: Uint8Array.from(unseen),
        fontTable,
      },
      cut: codes.length === limit,
    };
  };

  /** PDFium puts U+0002 for a hyphen at the end of a line, and other controls where a font names no character. */
  const readCode = (text: number, i: number): number => {
    const code = pdfium._FPDFText_GetUnicode!(text, i);
    if (code === 2) return 0x2d;
    if (code === 9 || code === 10 || code === 13) return 0x20;
    return code < 0x20 || (code >= 0xfffe && code <= 0xffff) ? 0xfffd : code;
  };

  const readStyle = (
    text: number,
    i: number,
    object: number,
    shown: Matrix,
    table: Font[],
    seen: Map<number, number>,
  ) => {
    pdfium._FPDFText_GetMatrix!(text, i, scratch);
    const matrix = times([...floats(6)] as unknown as Matrix, [shown[0], shown[1], shown[2], shown[3], 0, 0]);
    const degrees = Math.round((Math.atan2(matrix[1], matrix[0]) * 180) / Math.PI);
    const size = pdfium._FPDFText_GetFontSize!(text, i) * Math.hypot(matrix[2], matrix[3]);
    const handle = object ? pdfium._FPDFTextObj_GetFont!(object) : 0;
    let font = seen.get(handle);
    if (font === undefined) {
      font = table.push(readFont(handle)) - 1;
      seen.set(handle, font);
    }
    const unseen = object && pdfium._FPDFTextObj_GetTextRenderMode!(object) === INVISIBLE ? 1 : 0;
    return { size, angle: (degrees + 360) % 360, font, unseen };
  };

  const readFont = (font: number): Font => {
    if (!font) return { name: "", bold: false, italic: false };
    const bytes = pdfium._FPDFFont_GetBaseFontName!(font, scratch, SCRATCH_BYTES);
    const length = Math.max(0, Math.min(bytes, 256) - 1);
    const given = Buffer.from(pdfium.HEAPU8.subarray(scratch, scratch + length)).toString("utf8");
    const name = given.replace(/^[A-Z]{6}\+/, "");
    const flags = pdfium._FPDFFont_GetFlags!(font);
    return {
      name,
      bold:
        /bold|black|heavy|semibold|demi|(?:^|[-_,])bd\b|cmbx|cmb\d|cmssbx|ectb|sfbx|sfsx|msbx|-medi|medi$/i.test(
          name,
        ) ||
        (flags !== -1 && (flags & 0x40000) !== 0),
      italic:
        /ital|obli|slanted|cmti|cmsl|cmmi|cmbxti|sfti|-it\b|ital$/i.test(name) ||
        (flags !== -1 && (flags & 0x40) !== 0),
    };
  };

  const readObjects = (page: number, shown: Matrix, sheet: Rectangle, limit: number) => {
    const images: number[] = [];
    const paths: number[] = [];
    let seen = 0;
    const walk = (count: number, get: (i: number) => number, matrix: Matrix, depth: number) => {
      for (let i = 0; i < count && seen < limit; i++) {
        seen++;
        const object = get(i);
        const type = object ? pdfium._FPDFPageObj_GetType!(object) : TEXT;
        if (type === FORM && depth < FORM_DEPTH) {
          if (!pdfium._FPDFPageObj_GetMatrix!(object, scratch)) continue;
          const inner = times([...floats(6)] as unknown as Matrix, matrix);
          const parts = pdfium._FPDFFormObj_CountObjects!(object);
          walk(parts, (part) => pdfium._FPDFFormObj_GetObject!(object, part), inner, depth + 1);
        } else if (type === IMAGE || type === SHADING || (type === PATH && isPainted(object))) {
          const box = visibleBox(object, matrix, sheet);
          if (box) (type === IMAGE ? images : paths).push(...box);
        }
      }
    };
    const count = pdfium._FPDFPage_CountObjects!(page);
    walk(count, (i) => pdfium._FPDFPage_GetObject!(page, i), shown, 0);
    return { images: Float32Array.from(images), paths: Float32Array.from(paths), cut: seen >= limit };
  };

  const isPainted = (path: number): boolean => {
    if (!pdfium._FPDFPath_GetDrawMode!(path, scratch, scratch + 4)) return true;
    const [fill, stroke] = pdfium.HEAPU32.subarray(scratch >> 2, (scratch >> 2) + 2);
    return (
      (fill !== 0 && isVisible(pdfium._FPDFPageObj_GetFillColor!, path)) ||
      (stroke !== 0 && isVisible(pdfium._FPDFPageObj_GetStrokeColor!, path))
    );
  };

  const isVisible = (colour: (...values: number[]) => number, path: number): boolean => {
    if (!colour(path, scratch, scratch + 4, scratch + 8, scratch + 12)) return true;
    const [red, green, blue, alpha] = pdfium.HEAPU32.subarray(scratch >> 2, (scratch >> 2) + 4);
    return alpha! > 0 && Math.min(red!, green!, blue!) < WHITE;
  };

  const visibleBox = (object: number, matrix: Matrix, sheet: Rectangle): Rectangle | undefined => {
    if (!pdfium._FPDFPageObj_GetBounds!(object, scratch, scratch + 4, scratch + 8, scratch + 12)) return;
    const box = mapped(matrix, [...floats(4)] as Rectangle);
    intersect(box, sheet);
    const clip = pdfium._FPDFPageObj_GetClipPath!(object);
    const clips = clip ? pdfium._FPDFClipPath_CountPaths!(clip) : 0;
    for (let i = 0; i < clips; i++) {
      const bounds = clipBounds(clip, i);
      if (bounds) intersect(box, mapped(matrix, bounds));
    }
    return box[2] >= box[0] && box[3] >= box[1] ? box : undefined;
  };

  const clipBounds = (clip: number, i: number): Rectangle | undefined => {
    const segments = pdfium._FPDFClipPath_CountPathSegments!(clip, i);
    if (segments <= 0 || segments > CLIP_SEGMENTS) return;
    const bounds: Rectangle = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < segments; k++) {
      const segment = pdfium._FPDFClipPath_GetPathSegment!(clip, i, k);
      if (!segment || !pdfium._FPDFPathSegment_GetPoint!(segment, scratch, scratch + 4)) continue;
      const [x, y] = floats(2) as unknown as [number, number];
      bounds[0] = Math.min(bounds[0], x);
      bounds[1] = Math.min(bounds[1], y);
      bounds[2] = Math.max(bounds[2], x);
      bounds[3] = Math.max(bounds[3], y);
    }
    return bounds[0] <= bounds[2] ? bounds : undefined;
  };

  const intersect = (box: Rectangle, other: Rectangle): void => {
    box[0] = Math.max(box[0], other[0]);
    box[1] = Math.max(box[1], other[1]);
    box[2] = Math.min(box[2], other[2]);
    box[3] = Math.min(box[3], other[3]);
  };

  const draw = (page: number, { scale, window, grey }: Extract<Request, { draw: number }>): Drawn => {
    const points = pageSize(page);
    const pixels = (length: number) => Math.max(1, Math.round(length * scale));
    const whole = [pixels(points.width), pixels(points.height)] as const;
    const [x, y, width, height] = window ?? [0, 0, ...whole];
    const channels = grey ? 1 : 3;
    const stride = width * channels;
    const memory = pdfium.wasmExports.malloc(stride * height);
    if (!memory) throw new Error("there is not enough memory to draw it");
    const bitmap = pdfium._FPDFBitmap_CreateEx!(width, height, grey ? 1 : 2, memory, stride);
    try {
      pdfium._FPDFBitmap_FillRect!(bitmap, 0, 0, width, height, 0xffffffff);
      // 1: annotations, 8: in greys, 16: RGB and not BGR. Links and notes on a paper's page are no part of its figures.
      const flags = (window ? 0 : 1) | (grey ? 8 : 16);
      pdfium._FPDF_RenderPageBitmap!(bitmap, page, -x, -y, ...whole, 0, flags);
      return { width, height, pixels: pdfium.HEAPU8.slice(memory, memory + stride * height) };
    } finally {
      pdfium._FPDFBitmap_Destroy!(bitmap);
      pdfium.wasmExports.free(memory);
    }
  };

  const answer = (request: Request): Reply => {
    if ("open" in request) return open(request.open);
    if ("contents" in request) return contents(readPage(request.contents), request.limits);
    if ("size" in request) return sizeOf(request.size);
    return draw(readPage(request.draw), request);
  };

  // Nobody may be left to end this process while PDFium computes without a break: then it ends itself.
  const since = new Int32Array(new SharedArrayBuffer(4));
  const BUSY_SECONDS = 600;
  const watch = `
    const { workerData: { since, parent, limit } } = require("node:worker_threads");
    setInterval(() => {
      const begun = Atomics.load(since, 0);
      const late = begun !== 0 && Date.now() / 1000 - begun > limit;
      if (late || process.ppid !== parent) process.kill(process.pid, "SIGKILL");
    }, 2000);`;
  new Worker(watch, {
    eval: true,
    workerData: { since, parent: process.ppid, limit: BUSY_SECONDS },
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  }).unref();
  process.on("disconnect", () => process.exit());

  let started = start();
  process.on("message", (request: Request) => {
    Atomics.store(since, 0, Math.floor(Date.now() / 1000));
    started
      .then(() => answer(request))
      .then((reply) => process.send!({ reply, memory: pdfium.HEAPU8.length }))
      .catch((error: Error & { code?: number }) => {
        const { code } = error;
        // A file that PDFium turns away leaves it as it was; any other failure may leave its memory in disorder.
        if (code === undefined) {
          [file, document, held] = [0, 0, { number: 0, handle: 0 }];
          started = start();
        }
        const reply = { error: String(error.message), ...(code !== undefined && { code }) };
        process.send!({ reply, memory: 0 });
      })
      .finally(() => Atomics.store(since, 0, 0));
  });
}
