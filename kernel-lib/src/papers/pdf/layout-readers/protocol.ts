import type { LayoutRegion } from "./region.js";

/** What a program's HTTP service is asked, and how its answer reads. */
export interface LayoutProtocol {
  /** As the user names it. */
  name: string;
  /** As messages name it. */
  title: string;
  /** Whether it asks for a key. */
  takesKey: boolean;
  /** @throws {LayoutError} where the answer has no layout */
  convert(server: LayoutServer, pdf: Uint8Array<ArrayBuffer>): Promise<LayoutRegion[]>;
}

/** A server's answers, each as JSON. */
export interface LayoutServer {
  get(path: string): Promise<unknown>;
  post(path: string, form: FormData): Promise<unknown>;
  /** Lets the server work before it is asked again. */
  pause(): Promise<void>;
}
