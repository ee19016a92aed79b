/** The parts of a page's global scope that Node and server rendering do not have. */
interface PageScope {
  addEventListener?(name: string, listener: (event: Event) => void): void;
  removeEventListener?(name: string, listener: (event: Event) => void): void;
  readonly document?: {
    readonly visibilityState: string;
    addEventListener(name: string, listener: () => void): void;
    removeEventListener(name: string, listener: () => void): void;
  };
}

/** Callbacks for a page that is hidden or shown. */
export interface PageListener {
  /** The page or the network is back. */
  wake(networkChanged: boolean): void;
  /** The user leaves the page, possibly for the back/forward cache. */
  hide(): void;
}

/** Observes the page's lifecycle, if there is a page. Returns a function that stops it. */
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
