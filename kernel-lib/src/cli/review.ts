import { Command, Option } from "commander";
import { Reviews } from "../dataset/reviews/reviews.js";
import { Dataset } from "../dataset/store.js";
import { ConfigurationError } from "../errors.js";
import { redo, review, undo, type ReviewResult } from "../lab/review.js";
import { answer, JSON_OPTION } from "./options.js";

interface Flags {
  where?: string;
  figure?: string[];
  verdict?: "accepted" | "rejected" | "none";
  tag?: string[];
  untag?: string[];
  undo?: boolean;
  redo?: boolean;
  json?: boolean;
}

/** What undo takes back: every call is a process of its own, so all of them share one history. */
const HISTORY = "command line";

const oneMore = (text: string, before: string[] = []): string[] => [...before, text];

export function reviewCommand(): Command {
  return new Command("review")
    .description("Accept, reject and tag figures. Written to the dataset, also while a stage works on it.")
    .argument("<dataset>", "folder of the dataset")
    .option("--where <sql>", "the figures that this condition picks")
    .option("--figure <id>", "this figure (repeatable)", oneMore)
    .addOption(
      new Option("--verdict <verdict>", "none takes it away").choices(["accepted", "rejected", "none"]),
    )
    .option("--tag <tag>", "a tag to add (repeatable)", oneMore)
    .option("--untag <tag>", "a tag to remove (repeatable)", oneMore)
    .option("--undo", "take back what the command line did last in this dataset")
    .option("--redo", "do again what --undo took back")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Verdicts and tags are the columns verdict, tags and reviewed_at of every condition:
"verdict = 'rejected'", "verdict IS DISTINCT FROM 'rejected'", "list_contains(tags, 'nice')".

Examples:
  figloom review data/astronomy --where "list_contains(flags, 'exact-duplicate')" --verdict rejected
  figloom review data/astronomy --figure 1703.09824#fig3 --tag nice --tag map
  figloom review data/astronomy --undo`,
    )
    .action(async (path: string, { json, ...flags }: Flags) => {
      const { folder } = await Dataset.open(path);
      const reviews = await Reviews.open(folder, { history: HISTORY });
      answer(await act(folder, reviews, flags), { json });
    });
}

async function act(folder: string, reviews: Reviews, flags: Flags): Promise<ReviewResult> {
  const { where, figure, verdict, tag, untag } = flags;
  const says = verdict !== undefined || tag !== undefined || untag !== undefined;
  if (flags.undo || flags.redo) {
    if (says || where !== undefined || figure !== undefined || (flags.undo && flags.redo))
      throw new ConfigurationError(
        "--undo and --redo stand alone: they take no figures and say nothing new.",
      );
    return flags.undo ? undo(reviews) : redo(reviews);
  }
  if (!says) throw new ConfigurationError("Nothing is said: give --verdict, --tag, --untag or --undo.");
  if ((where === undefined) === (figure === undefined))
    throw new ConfigurationError(
      'Say which figures, by --where or by --figure; --where "true" is all of them.',
    );
  return review(folder, reviews, figure ?? { where }, {
    ...(verdict !== undefined && { verdict: verdict === "none" ? null : verdict }),
    addTags: tag,
    removeTags: untag,
  });
}
