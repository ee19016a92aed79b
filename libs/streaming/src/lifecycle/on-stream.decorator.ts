import { SetMetadata } from '@nestjs/common';
import type { StreamClosed, StreamOpened } from './stream-event.interface.js';

/** The events of {@link OnStream}, and what its methods are called with. */
export interface StreamHookEvents {
  readonly opened: StreamOpened;
  readonly closed: StreamClosed;
}

type Hook<E extends keyof StreamHookEvents> = (event: StreamHookEvents[E]) => unknown;

type HookDecorator<E extends keyof StreamHookEvents> = <M extends Hook<E>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

export const STREAM_HOOK = Symbol('NutsStreamHook');

/**
 * Calls a method of any provider or controller when a stream of this process opens or closes:
 * `@OnStream('opened') arrived(event: StreamOpened) {}`. It runs after the stream's own work, on a later
 * turn of the event loop; what it throws is logged. Providers of request scope are not called.
 *
 * A decorator, as `@OnEvent()` of `@nestjs/event-emitter` and `@Cron()` of `@nestjs/schedule` are: that
 * is how Nest applications receive events, and no module has to be told of the receiver. For RxJS there
 * is `HubRegistry.streams$`.
 */
export function OnStream<E extends keyof StreamHookEvents>(event: E): HookDecorator<E> {
  return SetMetadata(STREAM_HOOK, event);
}
