import type { StreamFacts } from '@nuts/nats';
import { first, interval, map, merge, race, timer, type Observable } from 'rxjs';

/** How long a request waits for the tail, in ms: after that, what it has delivered has to do. */
const PATIENCE_MS = 250;
/** A position that a proof moves is looked at so often, in ms. */
const LOOK_MS = 10;

/** What is waited for. */
export interface AwaitedPosition {
  /** Everything up to here is in the window. */
  current(): number;
  /** A message entered the window. */
  readonly appended$: Observable<unknown>;
  /** Moves the position over what other subjects stored. */
  prove(facts: StreamFacts): Promise<void>;
}

/** Waits until the window has what the stream's facts tell; shared by all who were given the same facts. */
export class PositionWait {
  private readonly waits = new WeakMap<StreamFacts, Promise<void>>();

  constructor(private readonly awaited: AwaitedPosition) {}

  /** Undefined when it has already. Resolves in any case, soon; never rejects. */
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
