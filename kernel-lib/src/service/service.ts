import type { Emit, Handlers } from "../kernel/answer.js";
import type { DatasetEvents, Rows } from "../views/dataset-service.js";
import type { Frame } from "./frame.js";
import type { Order } from "./orders.js";
import type { Clause } from "../views/query.js";
import type { ServiceReviews } from "./reviews.js";

/** The rows of a query in the frame that they are of. */
export interface Ordered extends Order {
  frame: Frame;
}

/** What the methods of a dataset's service work with. */
export interface Service {
  /** Absolute. */
  readonly folder: string;
  /** The dataset as it is now: read anew after something was written. */
  frame(): Promise<Frame>;
  /** What narrows a view's rows now: the others' parts of the selection, where it is linked. */
  clauses(rows: Rows): Clause[];
  /** The rows of a query and of the selection as it is now, in order; worked out once. */
  order(rows: Rows): Promise<Ordered>;
  /** What people say about its figures. */
  readonly reviews: ServiceReviews;
  /** Tells every page that looks at this dataset. */
  readonly emit: Emit<DatasetEvents>;
}

/** Some of the methods: each concern has a file in `methods/` that exports one of these. */
export type MethodsOf<M extends object> = (service: Service) => Handlers<M>;
