/** The `figloom` command, with a clock that a test can wait for. */
import "./fast-clock.js";
import "../../kernel-lib/src/cli/main.js";
