import type { StreamFacts } from '@nuts/nats';
import { first, interval, map, merge, race, timer, type Observable } from 'rxjs';

/** How long a request waits for the tail, in ms. After that, it uses what the tail has delivered. */
const PATIENCE_MS = 250;
/** Polling interval for positions that advance without a message, in ms. */
const LOOK_MS = 10;

/** The log that requests wait for. */
export interface AwaitedPosition {
  /** The window holds everything up to here. */
  current(): number;
  /** A message entered the window. */
  readonly appended$: Observable<unknown>;
  /** Advances the position past messages of other subjects. */
  prove(facts: StreamFacts): Promise<void>;
}

/** Waits until the window has everything up to some stream info; shared by all callers with the same stream info. */
export class PositionWait {
  private readonly waits = new WeakMap<StreamFacts, Promise<void>>();

  constructor(private readonly awaited: AwaitedPosition) {}

  /** Undefined if it already has. Always resolves soon; never rejects. */
  reach(facts: StreamFacts): Promise<void> | undefined {
    if (this.hasReached(facts)) return undefined;
    let wait = this.waits.get(facts);
    if (wait === undefined) this.waits.set(facts, (wait = this.wait(facts)));
    return wait;
  }

  private hasReached({ lastSequence }: StreamFacts): boolean {
    return this.awaited.current() >= lastSequence;
  }

  private wait(facts: StreamFacts): Promise<void> {
    void this.awaited.prove(facts).catch(() => undefined);
    const reached$ = merge(this.awaited.appended$, interval(LOOK_MS)).pipe(
      first(() => this.hasReached(facts)),
    );
    return new Promise((resolve) => {
      race(reached$, timer(PATIENCE_MS))
        .pipe(map(() => undefined))
        .subscribe({ next: resolve, error: () => resolve() });
    });
  }
}
