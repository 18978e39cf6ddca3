import { stretches, type Cloud } from "./cloud.js";
import { discOf, GREY, radiusFor, shade, type Counting, type Look } from "./counts.js";
import { COUNT_POINTS } from "./gpu-shader.js";
import { pointsIn, Raster } from "./raster.js";
import { seen, type Size, type Viewport } from "./viewport.js";

/** Threads that work together; the shader says the same. */
const GROUP = 256;
/** Words of a pixel: its count, that of pale points, three sums. One more behind all says how many points were drawn. */
const WORDS = 5;
const KINDS = 256;
const SCENE_BYTES = 56;
/** What memory is for (`GPUBufferUsage` and `GPUMapMode` of the WebGPU standard). */
const [MAP_READ, COPY_SRC, COPY_DST, UNIFORM, STORAGE] = [1, 4, 8, 64, 128] as const;
const READ = 1;
/** What a card says afterwards, and otherwise to the console alone. */
const FAULTS = ["validation", "out-of-memory"] as const;

/** Counts points on a graphics card: holds a cloud and the memory for a picture there, one at a time. */
export class GpuCounter {
  /** Whether it failed once; it is of no more use then. */
  broken = false;
  readonly #device: GPUDevice;
  readonly #pipeline: GPUComputePipeline;
  readonly #scene: GPUBuffer;
  readonly #colours: GPUBuffer;
  #cloud: { of: Cloud; buffers: [x: GPUBuffer, y: GPUBuffer, kinds: GPUBuffer] } | null = null;
  #chosen: { of: Cloud; by: Look["selected"]; buffer: GPUBuffer } | null = null;
  #cells: { words: number; counted: GPUBuffer; read: GPUBuffer } | null = null;

  private constructor(device: GPUDevice, pipeline: GPUComputePipeline) {
    this.#device = device;
    this.#pipeline = pipeline;
    this.#scene = device.createBuffer({ size: Math.ceil(SCENE_BYTES / 16) * 16, usage: UNIFORM | COPY_DST });
    this.#colours = device.createBuffer({ size: 4 * KINDS, usage: STORAGE | COPY_DST });
  }

  /** @throws {Error} where the card does not take the shader */
  static async on(device: GPUDevice): Promise<GpuCounter> {
    const module = device.createShaderModule({ code: COUNT_POINTS });
    const compute = { module, entryPoint: "count" };
    return new GpuCounter(device, await device.createComputePipelineAsync({ layout: "auto", compute }));
  }

  /** Whether the card holds so many points and pixels. */
  fits(cloud: Cloud, { width, height }: Size): boolean {
    const { maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = this.#device.limits;
    return (
      4 * (WORDS * width * height + 1) <= maxStorageBufferBindingSize &&
      4 * cloud.count <= maxStorageBufferBindingSize &&
      cloud.count <= GROUP * maxComputeWorkgroupsPerDimension
    );
  }

  /**
   * Counts. What it returns is the card's memory, and has to be used before {@link release}.
   * @throws {Error} where the card is gone, or does not do it
   */
  async count(cloud: Cloud, size: Size, view: Viewport, look: Look): Promise<Uint32Array> {
    const device = this.#device;
    for (const kind of FAULTS) device.pushErrorScope(kind);
    const words = WORDS * size.width * size.height + 1;
    const cells = this.#cellsFor(words);
    device.queue.writeBuffer(this.#scene, 0, sceneOf(cloud, size, view, look));
    device.queue.writeBuffer(this.#colours, 0, coloursOf(look));
    const resources = [
      ...[this.#scene, ...this.#buffersOf(cloud), this.#chosenOf(cloud, look.selected)],
      ...[this.#colours, cells.counted],
    ];
    const group = device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: resources.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const encoder = device.createCommandEncoder();
    encoder.clearBuffer(cells.counted);
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(cloud.count / GROUP));
    pass.end();
    encoder.copyBufferToBuffer(cells.counted, 0, cells.read, 0, 4 * words);
    device.queue.submit([encoder.finish()]);
    const faults = await Promise.all(FAULTS.map(() => device.popErrorScope()));
    const fault = faults.find((each) => each !== null);
    if (fault) throw new Error(fault.message);
    await cells.read.mapAsync(READ);
    return new Uint32Array(cells.read.getMappedRange());
  }

  release(): void {
    this.#cells?.read.unmap();
  }

  close(): void {
    for (const buffer of this.#cloud?.buffers ?? []) buffer.destroy();
    for (const buffer of [this.#scene, this.#colours, this.#chosen?.buffer]) buffer?.destroy();
    this.#freeCells();
  }

  #cellsFor(words: number): Record<"counted" | "read", GPUBuffer> {
    if (this.#cells?.words === words) return this.#cells;
    this.#freeCells();
    const size = 4 * words;
    const counted = this.#device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST });
    const read = this.#device.createBuffer({ size, usage: MAP_READ | COPY_DST });
    this.#cells = { words, counted, read };
    return this.#cells;
  }

  #freeCells(): void {
    this.#cells?.counted.destroy();
    this.#cells?.read.destroy();
    this.#cells = null;
  }

  #buffersOf(cloud: Cloud): GPUBuffer[] {
    if (this.#cloud?.of === cloud) return this.#cloud.buffers;
    for (const buffer of this.#cloud?.buffers ?? []) buffer.destroy();
    const buffers: [GPUBuffer, GPUBuffer, GPUBuffer] = [
      this.#hold(cloud.x),
      this.#hold(cloud.y),
      this.#hold(cloud.kind),
    ];
    this.#cloud = { of: cloud, buffers };
    return buffers;
  }

  /** A bit for each point: whether it is selected. */
  #chosenOf(cloud: Cloud, by: Look["selected"]): GPUBuffer {
    if (this.#chosen?.of === cloud && this.#chosen.by === by) return this.#chosen.buffer;
    const bits = new Uint32Array(by ? Math.ceil(cloud.count / 32) : 1);
    if (by) for (let i = 0; i < cloud.count; i++) if (by(cloud.point[i]!)) bits[i >>> 5]! |= 1 << (i & 31);
    this.#chosen?.buffer.destroy();
    this.#chosen = { of: cloud, by, buffer: this.#hold(bits) };
    return this.#chosen.buffer;
  }

  #hold(values: Float32Array | Uint32Array | Uint8Array): GPUBuffer {
    const size = Math.max(4, Math.ceil(values.byteLength / 4) * 4);
    const buffer = this.#device.createBuffer({ size, usage: STORAGE, mappedAtCreation: true });
    new Uint8Array(buffer.getMappedRange()).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    buffer.unmap();
    return buffer;
  }
}

/** The shader's `Scene`. */
function sceneOf(cloud: Cloud, { width, height }: Size, view: Viewport, look: Look): ArrayBuffer {
  const scene = new ArrayBuffer(SCENE_BYTES);
  const [floats, ints] = [new Float32Array(scene), new Int32Array(scene)];
  const found = stretches(cloud, seen(view, { width, height }));
  const { reach, limit } = discOf(radiusFor(pointsIn(found)) * look.ratio);
  const high = [Math.fround(view.x), Math.fround(view.y)] as const;
  floats.set([width / 2, height / 2, ...high, view.x - high[0], view.y - high[1], view.unitsX, view.unitsY]);
  ints.set([width, height, cloud.count, look.selected ? 1 : 0, reach], 8);
  floats[13] = limit;
  return scene;
}

/** The shader's `colours`. */
function coloursOf({ colours, hidden }: Look): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: KINDS }, (_, kind) => {
    const [red, green, blue] = colours[kind] ?? GREY;
    return ((hidden.has(kind) ? 255 << 24 : 0) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/** The counting of points on a graphics card, by the processor where the card goes away meanwhile. */
export class GpuRaster implements Counting {
  #counted: Uint32Array | null = null;
  #drawn = 0;
  #instead: Raster | null = null;

  constructor(
    private readonly counter: GpuCounter,
    cloud: Cloud,
    readonly size: Size,
    readonly view: Viewport,
    look: Look,
  ) {
    counter.count(cloud, size, view, look).then(
      (counted) => {
        this.#counted = counted;
        this.#drawn = counted.at(-1)!;
      },
      () => {
        counter.broken = true;
        this.#instead = new Raster(cloud, size, view, look);
      },
    );
  }

  get drawn(): number {
    return this.#instead?.drawn ?? this.#drawn;
  }

  advance(milliseconds: number): boolean {
    return this.#instead?.advance(milliseconds) ?? this.#counted !== null;
  }

  pixels(): Uint8ClampedArray<ArrayBuffer> {
    if (this.#instead) return this.#instead.pixels();
    const all = this.#counted!;
    const pixels = (all.length - 1) / WORDS;
    const image = shade({
      counts: all.subarray(0, pixels),
      pale: all.subarray(pixels, 2 * pixels),
      sums: all.subarray(2 * pixels, WORDS * pixels),
    });
    this.counter.release();
    return image;
  }
}
