import { toHubError } from '../hub-error.js';
import type { HubState } from '../hub/hub-state.js';
import type { Hub } from '../hub/hub.js';
import type { SubscriptionEvents } from '../subscription/subscription.js';

/** Listeners of a subscription and of its hub's connection. */
export type SubscriptionListeners<Payload> = {
  readonly [Name in keyof SubscriptionEvents<Payload>]: (
    value: SubscriptionEvents<Payload>[Name],
  ) => void;
} & { readonly state: (state: HubState) => void };

/** Subscribes, unless there is no topic. Returns a function that ends everything it started. */
export function openSubscription<Payload>(
  hub: Hub,
  topics: readonly string[],
  start: string | undefined,
  listeners: SubscriptionListeners<Payload>,
): () => void {
  const ends = [hub.on('state', listeners.state)];
  if (topics.length > 0) {
    try {
      const subscription = hub.subscribe<Payload>(topics, start === undefined ? {} : { start });
      ends.push(
        subscription.on('message', listeners.message),
        subscription.on('gap', listeners.gap),
        subscription.on('reset', listeners.reset),
        subscription.on('live', listeners.live),
        subscription.on('error', listeners.error),
        () => subscription.close(),
      );
    } catch (error) {
      // The hub was closed.
      listeners.error(toHubError(error));
    }
  }
  return () => {
    for (const end of ends) end();
  };
}
