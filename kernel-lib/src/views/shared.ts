/** What the kernel and the JupyterLab extension share: the protocol and plain functions. Nothing here needs Node. */
export * from "./plot.js";
export * from "./protocol.js";
export * from "./segments.js";
export * from "./wording.js";
