/** A server's up or down. */
export interface ServerEvent {
  kind: "died" | "hung" | "returned" | "restarting" | "failing";
  endpoint: string;
  /** Milliseconds since 1970. */
  at: number;
  /** One plain sentence. */
  message: string;
}
