import { createElement, type ReactElement, StrictMode, version } from 'react';
import { renderToString } from 'react-dom/server';
import { connect } from '../connect.js';
import { NutsProvider, useAsk, useHubState, useLast, useTopic } from './index.js';

export { version };

function Everything(): ReactElement {
  const { messages, state, isLive } = useTopic('a', { start: 'last', limit: 10 });
  const last = useLast(['a', 'b']);
  const { replies } = useAsk('http://localhost/services', 'reports');
  const hub = useHubState();
  const said = [
    `${messages.length} messages`,
    state.name,
    String(isLive),
    Object.keys(last).join() || 'nothing',
    hub.name,
    `${replies.length} replies`,
  ];
  return createElement('p', {}, said.join(', '));
}

/** The HTML of the server rendering. */
export function render(url: string): string {
  const page = createElement(NutsProvider, { hub: connect(url) }, createElement(Everything));
  return renderToString(createElement(StrictMode, {}, page));
}

export function renderWithoutProvider(): string {
  return renderToString(createElement(Everything));
}
