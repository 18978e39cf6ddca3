/** A figure as a feature sees it. */
export interface FeatureItem {
  figure_id: string;
  /** Relative to the dataset; `null` where there is no picture. */
  image_path: string | null;
  /** Pixels of the picture. */
  width: number | null;
  height: number | null;
  /** The picture's vector by {@link Features.model}; `null` where there is none, or no model is named. */
  vector: readonly number[] | null;
}

/**
 * What a map is laid out by: some numbers a figure, in which figures that are alike lie near each other (Euclidean).
 */
export interface Features {
  /** Names the map as well: small letters, digits and hyphens. */
  readonly name: string;
  /** Raised when the same figure would give other numbers; maps are then made anew. */
  readonly version: number;
  /** For people, after "by": `look: 16×16 grey thumbnails …`. */
  readonly description: string;
  /** How many numbers a figure. */
  readonly dimensions: number;
  /** The scorer's id whose vectors of pictures are wanted, as the dataset's `embeddings` have it. @default none */
  readonly model?: string;
  /**
   * The numbers of one figure; `null` where it has none, such as for want of a picture.
   * @param folder the dataset's, absolute
   */
  of(folder: string, item: FeatureItem, signal: AbortSignal): Promise<Float32Array | null>;
}
