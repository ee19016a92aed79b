// The script of the page in which the hooks are tested; bundled with each version of React.
import { createElement, type ReactElement, StrictMode, version } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server.browser';
import { connect, type Hub } from '@nuts/client';
import { NutsProvider, useLast, useTopic, type TopicSnapshot } from '@nuts/client/react';

/** The browser APIs that this page uses. */
interface PageScope {
  readonly document: { getElementById(id: string): Element & { innerHTML: string } };
  requestAnimationFrame(callback: () => void): void;
  rig?: HooksRig;
}

const page = globalThis as unknown as PageScope;

/** The functions that a test can call. */
export class HooksRig {
  readonly react = version;
  /** Renders of the component; StrictMode renders twice. */
  renders = 0;
  frames = 0;
  seen: TopicSnapshot<number> | undefined;
  last: Readonly<Record<string, number | undefined>> = {};
  hydrationErrors = 0;
  private hub: Hub | undefined;
  private root: Root | undefined;

  constructor(private readonly container: Element & { innerHTML: string }) {
    const count = (): void => {
      this.frames += 1;
      page.requestAnimationFrame(count);
    };
    page.requestAnimationFrame(count);
  }

  get state(): string {
    return this.hub?.state.name ?? 'none';
  }

  /** Renders the component, or renders it again with new options of the same values. */
  mount(url: string, topics: readonly string[], strict: boolean): void {
    this.hub ??= connect(url);
    this.root ??= createRoot(this.container);
    this.root.render(this.element(this.hub, topics, strict));
  }

  /** Hydrates the HTML that a server would have sent. */
  hydrate(url: string, topics: readonly string[]): void {
    const hub = (this.hub = connect(url));
    const element = this.element(hub, topics, true);
    this.container.innerHTML = renderToString(element);
    this.root = hydrateRoot(this.container, element, {
      onRecoverableError: () => (this.hydrationErrors += 1),
    });
  }

  unmount(): void {
    this.root?.unmount();
    this.root = undefined;
  }

  private element(hub: Hub, topics: readonly string[], strict: boolean): ReactElement {
    const inside = createElement(Everything, { rig: this, topics: [...topics] });
    const provided = createElement(NutsProvider, { hub }, inside);
    return strict ? createElement(StrictMode, {}, provided) : provided;
  }
}

function Everything({ rig, topics }: { rig: HooksRig; topics: string[] }): ReactElement {
  const seen = useTopic<number>([...topics], { start: 'all', limit: 50 });
  rig.renders += 1;
  rig.seen = seen;
  rig.last = useLast<number>([...topics]);
  return createElement('p', {}, `${seen.messages.length} messages, last ${seen.last?.payload}`);
}

page.rig = new HooksRig(page.document.getElementById('root'));
