/** A server's up or down. */
export interface ServerEvent {
  kind:
    /** It broke off what it was asked and does not answer. */
    | "died"
    /** It answers, but its engine stands still. */
    | "hung"
    /** It fails with everything that it is asked, and gets no more until it is fit again. */
    | "failing"
    /** It was told to start again, or that failed. */
    | "restart"
    /** It takes requests, again or for the first time. */
    | "returned"
    /** An item was found to end servers. */
    | "culprit";
  endpoint: string;
  /** Milliseconds since 1970. */
  at: number;
  /** One plain sentence. */
  message: string;
}
