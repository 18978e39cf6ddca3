/** Servers of fleets, for whoever names none. */
import { hostname } from "node:os";
import { ConfigurationError } from "../../../errors.js";
import { noneNamed } from "../endpoints.js";
import { pause } from "../pause.js";
import { fleetsFolder, readFleets, type FleetMember, type FleetRecord } from "./folder.js";

const LOOK_MS = 1000;
/** So long a member's heartbeat may stand still before it is taken for dead: four beats. */
const STALE_MS = 20_000;
/** Between two looks for servers that came later. */
const JOIN_MS = 3000;

export interface FindOptions {
  /** The folder of fleets. */
  folder: string;
  /** Whether a server answers at an address. */
  answers: (address: string, signal: AbortSignal) => Promise<boolean>;
  /** Told what is waited for, once. */
  tell: (message: string) => void;
}

/** Finds the servers of a folder's fleets, first and later. */
export class FleetServers {
  readonly #options: FindOptions;
  /** When each member's heartbeat was last seen to change, and what it was: by our own clock. */
  readonly #beats = new Map<string, { beat: number; at: number }>();
  #joinedAt = -Infinity;
  #model: string | null = null;

  constructor(options: FindOptions) {
    this.#options = options;
  }

  /**
   * Addresses of the servers that answer; waits while a fleet is starting.
   * @param model the one that is wanted; without one there must be just one that answers
   * @throws {ConfigurationError} where no fleet lives that has it
   */
  async first(model: string | null, signal: AbortSignal): Promise<string[]> {
    for (let told = false; ; told = true) {
      const fleets = readFleets(this.#options.folder).filter(({ stopping }) => !stopping);
      const wanted = fleets.filter((fleet) => model === null || fleet.model === model);
      const found = await Promise.all(wanted.map((fleet) => this.#answering(addressesOf(fleet), signal)));
      const alive = wanted.filter((_, at) => found[at]!.length > 0);
      if (alive.length > 0) {
        this.#model = oneModel(alive);
        return found.flat();
      }
      const hopeful = wanted.filter((fleet) => this.#mayCome(fleet));
      if (hopeful.length === 0) throw noneThere(fleets, model);
      if (!told)
        this.#options.tell(`Waiting for the ${named(hopeful)} to start (figloom fleet status says more).`);
      await pause(LOOK_MS, signal);
    }
  }

  /** Addresses of servers that came since, looked for from time to time. @param known those that are known */
  async later(known: ReadonlySet<string>, signal: AbortSignal): Promise<string[]> {
    const now = performance.now();
    if (now - this.#joinedAt < JOIN_MS) return [];
    this.#joinedAt = now;
    const fleets = readFleets(this.#options.folder).filter(
      ({ model, stopping }) => model === this.#model && !stopping,
    );
    return this.#answering(
      fleets.flatMap(addressesOf).filter((address) => !known.has(address)),
      signal,
    );
  }

  async #answering(addresses: string[], signal: AbortSignal): Promise<string[]> {
    const answers = await Promise.all(addresses.map((address) => this.#options.answers(address, signal)));
    return addresses.filter((_, at) => answers[at]);
  }

  /** Whether one of its members lives, as far as can be seen; one that has none yet may get some. */
  #mayCome({ folder, members }: FleetRecord): boolean {
    const beats = members.length > 0 ? members.filter(isAtWork) : [{ member: "", beat: 0 }];
    return beats.some(({ member, beat }) => {
      const key = `${folder}/${member}`;
      const seen = this.#beats.get(key);
      const now = performance.now();
      if (seen?.beat !== beat) this.#beats.set(key, { beat, at: now });
      return now - (seen?.beat === beat ? seen.at : now) < STALE_MS;
    });
  }
}

const isAtWork = ({ status }: FleetMember): boolean => status === "starting" || status === "serving";

/** Servers of fleets that say to be up; those of a node that was killed still do. */
export const addressesInFleets = (env: NodeJS.ProcessEnv): string[] =>
  readFleets(fleetsFolder(env))
    .filter(({ stopping }) => !stopping)
    .flatMap(addressesOf);

/** Addresses that can be reached from here: a node that serves only itself is of use only there. */
function addressesOf({ members }: FleetRecord): string[] {
  return members
    .filter(({ status }) => status === "serving")
    .flatMap(({ host, servers }) =>
      servers.filter(
        ({ health, endpoint }) => health === "up" && (host === hostname() || !isLoopback(endpoint)),
      ),
    )
    .map(({ endpoint }) => endpoint);
}

const isLoopback = (address: string): boolean => /^https?:\/\/(127\.|localhost|\[::1\])/.test(address);

function oneModel(fleets: readonly FleetRecord[]): string {
  const models = [...new Set(fleets.map(({ model }) => model))];
  if (models.length === 1) return models[0]!;
  throw new ConfigurationError(`Fleets serve several models: name one of them, ${list(models)}, as model.`);
}

function noneThere(fleets: readonly FleetRecord[], model: string | null): ConfigurationError {
  if (fleets.length === 0) return noneNamed();
  const others = fleets.filter((fleet) => model !== null && fleet.model !== model);
  if (others.length === fleets.length)
    return new ConfigurationError(
      `No fleet serves the model "${model}"; there is the ${named(others)}. Start one with figloom fleet start, or name another model.`,
    );
  return new ConfigurationError(
    `The ${named(fleets.filter((fleet) => !others.includes(fleet)))} has no server that answers: figloom fleet status says why; figloom fleet start starts another.`,
  );
}

const named = (fleets: readonly FleetRecord[]): string =>
  fleets.map(({ name, model }) => `fleet ${name} (${model})`).join(", ");

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
