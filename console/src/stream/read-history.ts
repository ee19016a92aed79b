import { connect, type Message } from '@nuts/client';

/** Which history to read. */
export interface HistoryRequest {
  readonly url: string;
  readonly topic: string;
  readonly start: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Reads a topic's history up to now. Resolves when all of it was delivered, or when cancelled. */
export function readHistory(
  request: HistoryRequest,
  take: (message: Message) => void,
): Promise<void> {
  const { url, topic, start, token, signal } = request;
  const address = new URL(url);
  address.searchParams.set('start', start);
  const hub = connect(address, token === '' ? {} : { token: () => token });
  const subscription = hub.subscribe(topic, { signal });
  return new Promise((resolve) => {
    const finish = (): void => {
      hub.close();
      resolve();
    };
    subscription.on('message', take);
    subscription.on('live', finish);
    subscription.on('error', finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}
