/** What workers on shards are told, and what their tests know of their work. */
export interface ShardsOptions {
  task: string;
  restart: number;
  seed: number;
  /** 0: everybody else is taken for dead at every look. */
  staleMs: number;
  beatMs: number;
  /** As if on another machine: nobody sees that it has died. */
  isElsewhere: boolean;
  /** An item takes up to so long. */
  pauseMs: number;
  /** Characters of an entry. */
  weight: number;
}

export const PHASE = "1-score";
/** Every seventh item fails. */
export const isRefused = (item: string): boolean => Number(item.split("/")[1]) % 7 === 3;
/** Items of a shard. */
export const itemsOf = (shard: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${shard}/${i}`);
