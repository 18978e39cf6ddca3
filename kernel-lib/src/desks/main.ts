/** Answers pages. The preload loads it when the first of them asks. */
import { resolve } from "node:path";
import { z } from "zod";
import { Dataset } from "../dataset/store.js";
import { answerOn } from "../kernel/answer.js";
import { DATASET_TARGET, type DatasetEvents, type DatasetMethods } from "../views/dataset-service.js";
import { checked, folder } from "../service/arguments.js";
import { DatasetService } from "../service/dataset-service.js";
import { answerAboutRuns } from "./runs.js";
import { answerPromptLabs } from "./prompt-lab/prompt-lab.js";
import { answerAboutServers } from "./servers.js";
import { answerAboutTrials } from "./trials/trials.js";

const OPENING = z.object({ dataset: folder });

answerOn<DatasetMethods, DatasetEvents>(DATASET_TARGET, async (about, emit) => {
  const { dataset } = checked(OPENING, about);
  const { folder: found } = await Dataset.open(resolve(dataset));
  return DatasetService.of(found).desk(emit);
});

answerAboutServers();
answerAboutTrials();
answerPromptLabs();
answerAboutRuns();
