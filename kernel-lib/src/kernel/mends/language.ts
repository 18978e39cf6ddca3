import type { Handler, Tslab } from "./tslab.js";

/**
 * Mends kernel_info. Stock tslab names the CodeMirror mode "javascript", which JupyterLab 4 looks up first, so types
 * were highlighted as errors; it claims TypeScript 3.7.2, and leaves out the status that protocol 5.1 asks for.
 */
export function kernelInfo(handler: Handler, { version, typescript }: Tslab): object {
  const info = handler.handleKernel();
  if (handler.isJs) return { status: "ok", ...info };
  return {
    status: "ok",
    ...info,
    implementation_version: version,
    banner: `TypeScript ${typescript.version} (tslab ${version}, figloom)`,
    language_info: {
      name: "typescript",
      version: typescript.version,
      mimetype: "text/typescript",
      file_extension: ".ts",
      codemirror_mode: "typescript",
      pygments_lexer: "typescript",
    },
  };
}
