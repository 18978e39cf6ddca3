/** Grey levels, row by row, one byte a pixel. */
export interface Grey {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A connected patch of ink: its box, right and bottom excluded. */
export interface Component {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  pixels: number;
}

/** A run of ink in one row, right excluded. */
interface Run {
  y: number;
  start: number;
  end: number;
}

export interface Ink {
  components: Component[];
  /** All ink of a component, in rows from the top. */
  runs: Run[];
  /** For each run the component that it is part of. */
  owner: Int32Array;
}

/**
 * The connected patches (by sides and corners) of pixels darker than `threshold`. Linear in the pixels; `null` where there
 * are more than `most` runs, as in photographs.
 */
export function inkOf({ width, height, data }: Grey, threshold: number, most: number): Ink | null {
  const runs: Run[] = [];
  const parent: number[] = [];
  const root = (run: number): number => {
    let at = run;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  let [above, row] = [0, 0];
  for (let y = 0; y < height; y++) {
    const begin = runs.length;
    for (let x = 0, line = y * width; x < width; x++) {
      if (data[line + x]! >= threshold) continue;
      const start = x;
      while (x < width && data[line + x]! < threshold) x++;
      const run = runs.push({ y, start, end: x }) - 1;
      if (run >= most) return null;
      parent.push(run);
      while (above < row && runs[above]!.end < start) above++;
      for (let k = above; k < row && runs[k]!.start <= x; k++) {
        const [a, b] = [root(k), root(run)];
        if (a !== b) parent[Math.max(a, b)] = Math.min(a, b);
      }
    }
    [above, row] = [begin, runs.length];
  }
  return gathered(runs, root);
}

function gathered(runs: Run[], root: (run: number) => number): Ink {
  const components: Component[] = [];
  const numbers = new Map<number, number>();
  const owner = new Int32Array(runs.length);
  runs.forEach(({ y, start, end }, i) => {
    const first = root(i);
    let number = numbers.get(first);
    if (number === undefined) {
      number = components.push({ x0: start, y0: y, x1: end, y1: y + 1, pixels: 0 }) - 1;
      numbers.set(first, number);
    }
    owner[i] = number;
    const component = components[number]!;
    component.x0 = Math.min(component.x0, start);
    component.x1 = Math.max(component.x1, end);
    component.y1 = y + 1;
    component.pixels += end - start;
  });
  return { components, runs, owner };
}
