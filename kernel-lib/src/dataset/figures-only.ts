/** Tables stand among the figures; what works on pictures passes them over. */
export const FIGURES_ONLY = "float = 'figure'";

/** Figures, and tables, whose text can be read. */
export const PICTURED = "image_path IS NOT NULL AND sha256 IS NOT NULL";
