export { readLatex, type LatexReading } from "./read-latex.js";
