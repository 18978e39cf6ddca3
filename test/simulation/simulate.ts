import { type Outcome, outcomeOf } from "./outcome.js";
import { Run } from "./run.js";
import type { World } from "./world.js";

/** One run of a world, which has the same outcome for the same seed. @throws where it breaks a rule of the protocol */
export const simulate = (world: World, seed: number): Outcome => outcomeOf(new Run(world, seed).simulate());

/** As many runs as are asked for, by seeds from 1. */
export const simulated = (world: World, seeds: number): Outcome[] =>
  Array.from({ length: seeds }, (_, i) => simulate(world, i + 1));
