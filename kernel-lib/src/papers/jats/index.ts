export { readJats } from "./read-jats.js";
