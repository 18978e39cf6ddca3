import { namedIn, withoutSecrets } from "../../captions/vllm/endpoints.js";
import { addressesInFleets } from "../../captions/vllm/fleet/find.js";
import { vllm } from "../../captions/vllm/vllm.js";
import { Dataset } from "../../dataset/store.js";
import { ConfigurationError, errorText } from "../../errors.js";
import type { Emit } from "../../kernel/answer.js";
import { saying } from "../../lab/summary.js";
import type { OpenTrial } from "../../lab/tune/open-trials.js";
import { tryPrompts } from "../../lab/tune/try-prompts.js";
import { headline, titleOf } from "../../lab/tune/tune.js";
import { doWork } from "../../lab/work.js";
import type { MatrixView } from "../../views/matrix.js";
import type { PromptLabEvents, PromptText, TrialSetting, TrialWay } from "../../views/prompt-lab.js";
import { sampleOf } from "./figures.js";
import { promptOf } from "./workspace.js";

const STOPPED = "Stopped. What was answered is kept.";

/** The trials that one prompt lab has started: runs like all long work, which others can watch, pause and cancel. */
export class LabRuns {
  readonly #running = new Map<string, AbortController>();

  constructor(
    readonly home: string,
    private readonly emit: Emit<PromptLabEvents>,
  ) {}

  /** Starts a trial. @returns it as soon as it is known what is asked */
  async start(
    { dataset, pick, way, prompts }: TrialSetting & { prompts: readonly PromptText[] },
    signal: AbortSignal,
  ): Promise<MatrixView> {
    const given = prompts.map((prompt) => promptOf(this.home, prompt));
    const model = vllm({ ...endpointsOf(way), ...(way.model !== null && { model: way.model }) });
    const options = {
      ...sampleOf(pick),
      repeats: way.repeats,
      ...(way.temperature !== null && { temperature: way.temperature }),
    };
    const stop = new AbortController();
    const withdraw = () => stop.abort();
    signal.addEventListener("abort", withdraw, { once: true });
    let open: OpenTrial | undefined;
    let note: string | null = null;
    const deaf = model.onNotice?.((text) => (note = text));
    const store = await Dataset.open(dataset);
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const about = { verb: "tune", title: titleOf(given), dataset: store.folder, models: [model] };
      const trying = doWork(
        {
          signal: stop.signal,
          onProgress: ({ done, total, failed }) =>
            this.emit("progress", { trial: open!.id, done, total: total ?? done, failed, note }),
        },
        async (work) => {
          const onOpen = (opened: OpenTrial) => {
            open = opened;
            signal.removeEventListener("abort", withdraw);
            this.#running.set(opened.id, stop);
            resolve(opened.view());
          };
          const tried = await tryPrompts(store, given, [model], options, { ...work, onOpen });
          const quarantined = tried.trial.failures.length;
          return saying({ stopped: tried.stopped ?? null, quarantined }, headline(tried, started));
        },
        { ...about, why: "see the trial", cancelled: STOPPED, silent: true },
      );
      const ended = (problem: string | null) => {
        if (open) this.emit("ended", { trial: open.id, problem });
      };
      trying
        .then(
          ({ stopped }) => ended(stopped),
          (error: unknown) => {
            ended(errorText(error));
            reject(error as Error);
          },
        )
        .finally(() => {
          deaf?.();
          if (open) this.#running.delete(open.id);
          void model.close();
        });
    });
  }

  stop(trial: string): void {
    this.#running.get(trial)?.abort();
  }

  /** Nobody looks any more: nothing is asked further. */
  close(): void {
    for (const stop of this.#running.values()) stop.abort();
  }
}

/** The server that was chosen, with what is secret in its address. */
function endpointsOf({ endpoint }: TrialWay): { endpoints?: string } {
  if (endpoint === null) return {};
  const known = [...namedIn(process.env.FIGLOOM_ENDPOINTS), ...addressesInFleets(process.env)];
  const named = known.find((given) => withoutSecrets(given) === endpoint);
  if (named === undefined)
    throw new ConfigurationError(`${endpoint} is not among the servers of FIGLOOM_ENDPOINTS, or of a fleet.`);
  return { endpoints: named };
}
