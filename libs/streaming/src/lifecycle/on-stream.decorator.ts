import { SetMetadata } from '@nestjs/common';
import type { StreamClosed, StreamOpened } from './stream-event.interface.js';

/** The events of {@link OnStream}, with the argument of their methods. */
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
 * Calls a method of a provider or controller when a stream of this process opens or closes:
 * `@OnStream('opened') arrived(event: StreamOpened) {}`. It runs after the stream's own work, on a later
 * turn of the event loop. Exceptions are logged. Request-scoped providers are not called.
 *
 * Similar to `@OnEvent()` of `@nestjs/event-emitter`: receivers need no registration. For RxJS, use
 * `HubRegistry.streams$`.
 */
export function OnStream<E extends keyof StreamHookEvents>(event: E): HookDecorator<E> {
  return SetMetadata(STREAM_HOOK, event);
}
