export interface Reading {
  readonly topic: string;
  readonly celsius: number;
  /** The time at which it was stored. */
  readonly time: Date;
}

type EventSourceType = new (url: string) => {
  addEventListener(type: string, listener: (event: { readonly data: string }) => void): void;
  close(): void;
};

/** The newest reading of each sensor; `isComplete` once the state is complete. Returns a function that stops it. */
export function watchNewest(
  hub: string,
  changed: (readings: ReadonlyMap<string, Reading>, isComplete: boolean) => void,
  EventSourceClass?: EventSourceType,
): () => void;

/** The readings of one sensor since `duration` ago (ISO 8601), and whatever comes. Returns what ends it. */
export function watchPast(
  hub: string,
  topic: string,
  duration: string,
  changed: (readings: readonly Reading[], isComplete: boolean) => void,
  EventSourceClass?: EventSourceType,
): () => void;
