import { copyButton } from '../dom/copy-button.js';
import { button, element } from '../dom/element.js';
import type { LoggedEvent } from '../model/event-log.js';
import { bytes, clock, duration } from '../text/figures.js';
import { preview } from '../text/preview.js';
import { pretty } from '../text/pretty.js';
import { visibleText } from '../text/visible-text.js';

/** Characters formatted at once; the rest on request. */
const FIRST = 100_000;

/** Shows one complete event. */
export class EventDialog {
  readonly root = element('dialog', { class: 'event', 'aria-labelledby': 'event-title' });

  open(event: LoggedEvent): void {
    const data = dataOf(event);
    const text = pretty(data);
    const shown = element('pre', { tabindex: '0', 'aria-label': 'Event data' });
    shown.textContent = text.slice(0, FIRST);
    const more = button(`Show all (${bytes(text.length)})`, () => {
      shown.textContent = text;
      more.remove();
    });
    this.root.replaceChildren(
      element(
        'div',
        { class: 'panel-head' },
        element('h2', { id: 'event-title' }, visibleText(event.topic) || event.kind),
        copyButton('Copy data', () => data),
        button('Close', () => this.root.close(), { autofocus: true }),
      ),
      element('dl', { class: 'facts' }, ...facts(event, data)),
      shown,
      ...(text.length > FIRST ? [more] : []),
    );
    this.root.showModal();
  }
}

function dataOf({ data, value }: LoggedEvent): string {
  if (data !== undefined) return data;
  try {
    return JSON.stringify(value);
  } catch {
    // Too deeply nested.
    return preview(value, FIRST);
  }
}

function facts({ receivedAt, id, value }: LoggedEvent, data: string): HTMLElement[] {
  const pairs: [string, string][] = [['id', id || '–']];
  if ('payload' in value) {
    pairs.push(['event', value.event], ['stored', value.time || '–']);
    const delay = receivedAt - Date.parse(value.time);
    if (delay >= 0) pairs.push(['delay', duration(delay)]);
    if (value.operation) pairs.push(['operation', value.operation]);
    if (value.encoding) pairs.push(['encoding', value.encoding]);
    if (value.trace) pairs.push(['trace', value.trace]);
  } else pairs.push(['gap', value.reason]);
  pairs.push(['received', clock(receivedAt)], ['size', bytes(data.length)]);
  return pairs.map(([name, text]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, visibleText(text))),
  );
}
