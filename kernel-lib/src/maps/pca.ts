import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** A linear projection: subtract the mean, then take the products with the axes. */
export interface Projection {
  mean: number[];
  /** Unit vectors, the one along which the data are spread most first. */
  axes: number[][];
  /** Variance along each axis. */
  variances: number[];
  /** Variance along all directions, of which those of the axes are parts. */
  total: number;
}

/**
 * Gathers mean and covariance one vector at a time (Welford 1962, for vectors), so that the vectors need not be in
 * memory together. `dimensions²` multiplications a vector.
 */
export class Covariance {
  #count = 0;
  readonly #mean: Float64Array;
  /** Upper triangle, row by row, of the sum of outer products of deviations. */
  readonly #sums: Float64Array;

  constructor(readonly dimensions: number) {
    this.#mean = new Float64Array(dimensions);
    this.#sums = new Float64Array((dimensions * (dimensions + 1)) / 2);
  }

  get count(): number {
    return this.#count;
  }

  add(vector: ArrayLike<number>): void {
    this.#count++;
    const before = new Float64Array(this.dimensions);
    const after = new Float64Array(this.dimensions);
    for (let i = 0; i < this.dimensions; i++) {
      before[i] = vector[i]! - this.#mean[i]!;
      this.#mean[i]! += before[i]! / this.#count;
      after[i] = vector[i]! - this.#mean[i]!;
    }
    let at = 0;
    for (let i = 0; i < this.dimensions; i++) {
      const deviation = before[i]!;
      for (let j = i; j < this.dimensions; j++) this.#sums[at++]! += deviation * after[j]!;
    }
  }

  /**
   * The principal components of what was added. An axis points where its largest coordinate is positive, so that the
   * same data always give the same picture.
   * @param components how many axes, at most; fewer where the data have fewer dimensions
   */
  components(components: number): Projection {
    const d = this.dimensions;
    const matrix = Matrix.zeros(d, d);
    const divisor = Math.max(1, this.#count - 1);
    let at = 0;
    for (let i = 0; i < d; i++)
      for (let j = i; j < d; j++) {
        const value = this.#sums[at++]! / divisor;
        matrix.set(i, j, value);
        matrix.set(j, i, value);
      }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
      assumeSymmetric: true,
    });
    const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
    const kept = order.slice(0, Math.min(components, d));
    return {
      mean: [...this.#mean],
      axes: kept.map((i) => upright(eigenvectorMatrix.getColumn(i))),
      variances: kept.map((i) => Math.max(0, realEigenvalues[i]!)),
      total: realEigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0),
    };
  }
}

function upright(axis: number[]): number[] {
  const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-12 ? value : best), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}

/** Where a vector lies along a projection's axes. */
export function project(
  { mean, axes }: Pick<Projection, "mean" | "axes">,
  vector: ArrayLike<number>,
): Float32Array {
  return Float32Array.from(axes, (axis) => {
    let sum = 0;
    for (let i = 0; i < axis.length; i++) sum += axis[i]! * (vector[i]! - mean[i]!);
    return sum;
  });
}
