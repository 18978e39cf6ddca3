export { readLatex } from "./read-latex.js";
