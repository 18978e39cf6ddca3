/**
 * The errors that users of figloom know, taken from their own file: a supervisor is small and starts at once, which
 * it would not with all of figloom loaded. Tell them by `name`, since every bundle has its own copy of the class.
 */
export { ConfigurationError, errorText } from "../../kernel-lib/src/errors.js";
