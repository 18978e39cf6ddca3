/** What the kernel and the JupyterLab extension share: the protocol and plain functions. Nothing here needs Node. */
export * from "./dataset-service.js";
export { diffWords } from "./diff-words.js";
export * from "./link.js";
export * from "./map.js";
export * from "./matrix.js";
export * from "./matrix-measures.js";
export * from "./matrix-wording.js";
export { logoSvg } from "../kernel/logo.js";
export * from "./plot.js";
export * from "./protocol.js";
export * from "./query.js";
export * from "./segments.js";
export * from "./servers.js";
export * from "./trial-service.js";
export * from "./wording.js";
