/** The worker program, out of the sources. */
import "../../../cluster/src/worker/main.js";
