import { LabIcon } from "@jupyterlab/ui-components";
import { logoSvg } from "figloom/views";

/** figloom's logo. */
export const logoIcon = new LabIcon({ name: "figloom:logo", svgstr: logoSvg() });
