import { z } from "zod";
import { unknownFigures } from "../../dataset/reviews/unknown.js";
import { oneOf } from "../../dataset/sql.js";
import type { ReviewMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import type { MethodsOf, Service } from "../service.js";

const tags = z.array(z.string().max(1_000)).max(100).optional();

const change = z.object({
  figure_ids: z.array(ask.figureId).max(ask.IDS_LIMIT),
  verdict: z.enum(["accepted", "rejected"]).nullish(),
  addTags: tags,
  removeTags: tags,
});

/** Verdicts and tags. */
export const reviewMethods: MethodsOf<ReviewMethods> = (service) => ({
  async review(argument) {
    const { figure_ids, ...input } = ask.checked(change, argument);
    await refuseUnknown(service, figure_ids);
    return (await service.reviews.act((reviews) => reviews.review(figure_ids, input)))!;
  },

  undoReview: () => service.reviews.act((reviews) => reviews.undo()),

  redoReview: () => service.reviews.act((reviews) => reviews.redo()),

  reviewHistory: async () => (await service.reviews.open()).history,

  tags: async () => (await service.reviews.open()).tags(),
});

/** @throws {ConfigurationError} */
async function refuseUnknown(service: Service, figure_ids: string[]): Promise<void> {
  if (figure_ids.length === 0) return;
  const frame = await service.frame();
  const found = await frame.all<{ figure_id: string }>(
    `SELECT figure_id FROM frame WHERE ${oneOf("figure_id", figure_ids)}`,
  );
  const known = new Set(found.map(({ figure_id }) => figure_id));
  const missing = figure_ids.filter((figure_id) => !known.has(figure_id));
  if (missing.length > 0) throw unknownFigures(service.folder, missing);
}
