/** The supervisor program: `node supervisor.cjs JOB_FOLDER`. Ends at once where the job has a supervisor already. */
import { takeClaim } from "figloom/processes";
import { JobFolder } from "./folder.js";
import { Supervisor } from "./supervisor.js";

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("Usage: supervisor.cjs JOB_FOLDER");
const folder = new JobFolder(path);
const claim = takeClaim(folder.supervisors, {});
if (claim) void new Supervisor(folder, { resumes: claim.number > 1 }).run();
