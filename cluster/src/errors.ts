/** The errors that users of figloom know. */
export { ConfigurationError, errorText } from "../../kernel-lib/src/errors.js";
