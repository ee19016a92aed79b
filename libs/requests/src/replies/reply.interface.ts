/** The progress of a service. */
export interface ReplyProgress {
  readonly done: number;
  readonly total: number;
}

/** One reply of a service. */
export interface Reply {
  readonly payload: Uint8Array;
  /** From a header `Nuts-Progress: 3/40`, or counted against `Nuts-Total: 40` of the first reply. */
  readonly progress?: ReplyProgress;
  /** The reply's own `Content-Type` header. */
  readonly contentType?: string;
}
