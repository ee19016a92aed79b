/** The used part of `EventSource`. */
interface EventSourceLike {
  addEventListener(
    type: string,
    listener: (event: { data: string; lastEventId: string }) => void,
  ): void;
  close(): void;
}

export interface FlagsOptions {
  /** Defaults to that of the platform. */
  readonly EventSource?: new (url: string) => EventSourceLike;
}

export class Flags extends EventTarget {
  constructor(url: string, options?: FlagsOptions);
  readonly ready: Promise<unknown>;
  get(name: string): unknown;
  entries(): [string, unknown][];
  set(name: string, value: unknown): Promise<boolean>;
  remove(name: string): Promise<boolean>;
  close(): void;
}
