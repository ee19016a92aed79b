import { useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Hub } from '../hub/hub.js';
import { type AskSnapshot, AskSource, emptyAsk } from './ask-source.js';
import { ExternalStore } from './external-store.js';
import { FrameBatch } from './frame-batch.js';
import { HubContext } from './hub-context.js';

/** Options of {@link useAsk}. May be given inline. */
export interface UseAskOptions {
  /** The most replies that are kept. Default 1000. */
  readonly limit?: number;
}

/** What {@link useAsk} returns. */
export interface Asking<Payload = unknown> extends AskSnapshot<Payload> {
  /**
   * Asks; a question before it ends. Resolves when the answer is over, and never rejects: see `error`.
   * The function stays the same while service and subject do.
   */
  readonly ask: (question?: unknown) => Promise<void>;
  /** Ends the question. The replies that have come stay. */
  readonly cancel: () => void;
}

/**
 * Questions to a service, with their replies as they come. `service` is a hub that was connected with
 * the service's address, or an address for which cookies are enough. Leaving the page's component ends
 * the question.
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
