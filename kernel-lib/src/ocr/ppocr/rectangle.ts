export interface Point {
  x: number;
  y: number;
}

/** A rectangle that may be turned, in pixels. */
export interface Rectangle {
  /** Its centre. */
  x: number;
  y: number;
  /** Along its direction, and across it. */
  width: number;
  height: number;
  /** Degrees clockwise from the x axis to its direction, 0 to below 360. */
  angle: number;
}

/** The upright rectangle around points. */
export function boundsOf(points: readonly Point[]): Rectangle {
  const [left, right] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y))];
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
    angle: 0,
  };
}

/**
 * The smallest rectangle around the points, its direction within 45° of the x axis. One of its sides lies on a side of
 * their hull (Freeman and Shapira, _Determining the minimum-area encasing rectangle for an arbitrary closed curve_, 1975).
 * @param hull as {@link hullOf} gives it
 */
export function smallestAround(hull: readonly Point[]): Rectangle {
  let best = boundsOf(hull);
  for (const [i, from] of hull.entries()) {
    const to = hull[(i + 1) % hull.length]!;
    if (from.x === to.x || from.y === to.y) continue;
    const slope = Math.atan2(to.y - from.y, to.x - from.x);
    const turned = slope - Math.round(slope / (Math.PI / 2)) * (Math.PI / 2);
    const [cos, sin] = [Math.cos(turned), Math.sin(turned)];
    const around = boundsOf(hull.map(({ x, y }) => ({ x: x * cos + y * sin, y: y * cos - x * sin })));
    if (around.width * around.height >= best.width * best.height) continue;
    best = {
      ...around,
      x: around.x * cos - around.y * sin,
      y: around.x * sin + around.y * cos,
      angle: ((turned * 180) / Math.PI + 360) % 360,
    };
  }
  return best;
}

/**
 * The convex hull (Andrew's monotone chain, 1979), without points on its sides.
 * @param points in the order of their y; at least one
 */
export function hullOf(points: readonly Point[]): Point[] {
  const side = (all: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of all) {
      while (chain.length > 1 && !turnsRight(chain.at(-2)!, chain.at(-1)!, point)) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const ordered = points.toSorted((a, b) => a.y - b.y || a.x - b.x);
  const hull = [...side(ordered), ...side(ordered.toReversed())];
  return hull.length === 0 ? [ordered[0]!] : hull;
}

const turnsRight = (a: Point, b: Point, c: Point): boolean =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0;

/** The same rectangle, read in a direction that is turned clockwise by so many quarters. */
export function quarterTurned(rectangle: Rectangle, quarters: number): Rectangle {
  const { width, height, angle } = rectangle;
  return {
    ...rectangle,
    ...(quarters % 2 === 1 && { width: height, height: width }),
    angle: (angle + 90 * quarters) % 360,
  };
}

/** The box, along the axes, of a rectangle: `[x0, y0, x1, y1]`. */
export function boxOf({ x, y, width, height, angle }: Rectangle): [number, number, number, number] {
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))];
  const [right, down] = [(width * cos + height * sin) / 2, (width * sin + height * cos) / 2];
  return [x - right, y - down, x + right, y + down];
}
