/** How large, and how costly, a figure may be. */
export interface RenderLimits {
  /** Pixels of the long side that vector graphics are drawn with. @default 1600 */
  vectorLongSide: number;
  /** Pixels of the long side that raster images and composed figures are kept with. @default 2400 */
  longSide: number;
  /** Pixels of an input image by its header; a larger one is not decoded. @default 100 million */
  inputPixels: number;
  /** Graphics in one figure. @default 100 */
  graphics: number;
  /** Seconds for one graphic, counted from when its turn comes. @default 20 */
  graphicSeconds: number;
  /** Seconds for the whole figure, waiting included. @default 120 */
  figureSeconds: number;
}

export const DEFAULT_RENDER_LIMITS: Readonly<RenderLimits> = {
  vectorLongSide: 1600,
  longSide: 2400,
  inputPixels: 100_000_000,
  graphics: 100,
  graphicSeconds: 20,
  figureSeconds: 120,
};
