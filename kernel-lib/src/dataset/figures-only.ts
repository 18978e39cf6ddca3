/** Tables stand among the figures; what works on pictures passes them over. */
export const FIGURES_ONLY = "float = 'figure'";
