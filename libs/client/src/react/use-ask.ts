import { useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Hub } from '../hub/hub.js';
import { type AskSnapshot, AskSource, emptyAsk } from './ask-source.js';
import { ExternalStore } from './external-store.js';
import { FrameBatch } from './frame-batch.js';
import { HubContext } from './hub-context.js';

/** Options of {@link useAsk}. May be passed inline. */
export interface UseAskOptions {
  /** Maximum number of replies to keep. Default 1000. */
  readonly limit?: number;
}

/** The result of {@link useAsk}. */
export interface Asking<Payload = unknown> extends AskSnapshot<Payload> {
  /**
   * Sends a request; a previous one is cancelled. Resolves when the answer has ended, and never rejects:
   * see `error`. The function is stable while service and subject are.
   */
  readonly ask: (question?: unknown) => Promise<void>;
  /** Cancels the request. Received replies are kept. */
  readonly cancel: () => void;
}

/**
 * Sends requests to a service and returns their replies as they arrive. `service` is a hub connected with
 * the service's URL, or a URL if cookies are sufficient. Unmounting the component cancels the request.
 */
export function useAsk<Payload = unknown>(
  service: Hub | string | URL,
  subject: string,
  { limit = 1_000 }: UseAskOptions = {},
): Asking<Payload> {
  const scope = useContext(HubContext);
  const frames = useMemo(() => scope?.frames ?? new FrameBatch(), [scope]);
  const target = service instanceof URL ? service.href : service;
  const { store, source, ask, cancel } = useMemo(() => {
    const source = new AskSource<Payload>(target, subject);
    const ask = (question?: unknown): Promise<void> => source.ask(question);
    const cancel = (): void => source.cancel();
    return { source, ask, cancel, store: new ExternalStore(source, frames) };
  }, [frames, target, subject]);
  useEffect(() => {
    source.limit = limit;
  }, [source, limit]);
  const snapshot = useSyncExternalStore(store.subscribe, store.read, emptyAsk);
  return { ...snapshot, ask, cancel };
}
