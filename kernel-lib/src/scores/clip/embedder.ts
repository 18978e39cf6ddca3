/** A text as a vector. */
export interface TextVector {
  /** Of length 1. */
  vector: Float32Array;
  /** Tokens of the whole text, the marks of its start and end not counted. */
  tokens: number;
  /** How many of them, from the end, were cut off because the model reads no more. */
  cut: number;
}

/**
 * Puts pictures and texts as vectors into one space, where the cosine of two says how well they fit. Many calls are at
 * work at the same time: an embedder that works in batches collects them inside.
 */
export interface Embedder {
  /**
   * What two vectors must share to be compared: the model with its revision and digest. Vectors are kept under it and taken
   * from there in later runs, so that it is another one, too, where pictures are prepared otherwise. Known after `identify`,
   * and a mistake to ask for before.
   */
  readonly id: string;
  /** How many captions, each with its picture, it wants to have at work at once. */
  readonly concurrency: number;
  /** What computes, where that can differ for the same vectors: `cpu`, `cuda`, a server's address. Known after `ready`. */
  readonly device: string;
  /**
   * Finds out which model it is, without loading it. The second time it costs nothing.
   * @throws {ConfigurationError} where there is no such model
   */
  identify(options: { signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Loads the model, or asks the server, and checks everything that can be checked before work starts.
   * @throws {ConfigurationError} when it cannot work like this
   */
  ready(options: { signal: AbortSignal; folder: string }): Promise<void>;
  /**
   * The vector of a picture, of length 1. Transparent parts are white, as on the paper's page.
   * @param path absolute
   * @throws {ItemError} when the picture cannot be read
   */
  image(path: string, options: { signal: AbortSignal }): Promise<Float32Array>;
  /** The vectors of texts, in their order. What is longer than the model reads is cut off at its end, and told. */
  texts(texts: readonly string[], options: { signal: AbortSignal }): Promise<TextVector[]>;
  /** Gives back memory and processes; it can be used again afterwards. */
  close(): Promise<void>;
}
