/**
 * Words that any figure caption may use and that say nothing a paper's text could confirm: parts and layout of a
 * figure, colours and marks, verbs of showing. Compared in lower case, with a plural -s off.
 */
const FIGURE_WORDS: ReadonlySet<string> = new Set(
  `figure fig table tab panel subpanel subfigure subplot plot graph chart diagram image picture photo photograph
  illustration schematic sketch drawing map inset legend caption axis axe label title row column grid tick box frame
  left right top bottom upper lower middle center centre centered centred side leftmost rightmost topmost horizontal
  vertical horizontally vertically diagonal above below inner outer front back
  red blue green black white grey gray orange yellow purple violet magenta cyan brown pink colour color coloured
  colored dark bright pale shaded shading shade
  line curve bar dot point circle square triangle diamond cross marker symbol arrow hatch hatched
  dashed dotted solid thick thin filled open dash
  show shows showing shown showed display displays displayed displaying depict depicts depicted depicting illustrate
  illustrates illustrated illustrating present presents presented represent represents represented representing
  representation indicate indicates indicated indicating denote denotes denoted plotted plotting drawn draw visualize
  visualise visualized visualised visualization visualisation example respectively see seen note corresponding
  correspond corresponds first second third two one both`.split(/\s+/),
);

export function isFigureWord(word: string): boolean {
  const lower = word.toLowerCase();
  return FIGURE_WORDS.has(lower) || (lower.endsWith("s") && FIGURE_WORDS.has(lower.slice(0, -1)));
}
