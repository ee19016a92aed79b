/** What a page's global scope has, and Node's and a server's rendering have not. */
interface PageScope {
  addEventListener?(name: string, listener: (event: Event) => void): void;
  removeEventListener?(name: string, listener: (event: Event) => void): void;
  readonly document?: {
    readonly visibilityState: string;
    addEventListener(name: string, listener: () => void): void;
    removeEventListener(name: string, listener: () => void): void;
  };
}

/** What a hub does when its page comes and goes. */
export interface PageListener {
  /** The page, or the network, is back. */
  wake(networkChanged: boolean): void;
  /** The page is left: for good, or into the browser's back/forward cache. */
  hide(): void;
}

/** Follows the page's life, where there is a page. Returns how to stop. */
export function followPage(listener: PageListener): () => void {
  const scope = globalThis as PageScope;
  if (typeof scope.addEventListener !== 'function') return () => undefined;
  const { document } = scope;
  const ends: (() => void)[] = [];
  const on = (name: string, react: (event: Event) => void): void => {
    scope.addEventListener?.(name, react);
    ends.push(() => scope.removeEventListener?.(name, react));
  };
  on('online', () => listener.wake(true));
  on('pagehide', () => listener.hide());
  on('pageshow', (event) => {
    if ((event as { persisted?: boolean }).persisted) listener.wake(false);
  });
  const seen = (): void => {
    if (document?.visibilityState === 'visible') listener.wake(false);
  };
  document?.addEventListener('visibilitychange', seen);
  ends.push(() => document?.removeEventListener('visibilitychange', seen));
  return () => {
    for (const end of ends) end();
  };
}
