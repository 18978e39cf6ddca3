/** What a trial was made of. */
export interface TrialAbout {
  /** By which pages ask this kernel about it. */
  id: string;
  /** The dataset's folder, absolute. */
  folder: string;
  seed: number;
  where: string | null;
  /** What the sampling of the prompts was overridden with. */
  sampling: Record<string, number>;
  /** What is not as one would think; empty where all is. */
  remarks: readonly string[];
}
