import { copyButton } from '../dom/copy-button.js';
import { element, field } from '../dom/element.js';
import type { ConsoleModel } from '../state/console-model.js';
import { splitTopics } from '../state/view-state.js';
import type { View } from './view.interface.js';

const STARTS: readonly (readonly [value: string, text: string])[] = [
  ['last', 'Newest value of each topic'],
  ['live', 'Live only'],
  ['last:100', 'Last 100 events'],
  ['last:1000', 'Last 1000 events'],
  ['PT1M', '1 minute ago'],
  ['PT15M', '15 minutes ago'],
  ['PT1H', '1 hour ago'],
  ['P1D', '1 day ago'],
  ['all', 'All retained events'],
];
const TIME = 'time';
const CURSOR = 'cursor';

/** Chooses the topics and the start. */
export class WatchFormView implements View {
  readonly root: HTMLFormElement;
  private readonly topics = element('input', {
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
  });
  private readonly start = element('select');
  private readonly from = element('input', { type: 'text', autocomplete: 'off', class: 'mono' });
  private readonly fromField = field('From', this.from);

  constructor(private readonly model: ConsoleModel) {
    for (const [value, text] of STARTS) this.start.append(element('option', { value }, text));
    this.start.append(
      element('option', { value: TIME }, 'Since a time or duration …'),
      element('option', { value: CURSOR }, 'After an event ID …'),
    );
    this.start.addEventListener('change', () => this.showFrom());
    this.root = element(
      'form',
      { class: 'watch', 'aria-label': 'Stream' },
      field('Topics', this.topics, 'field grow'),
      field('Start', this.start),
      this.fromField,
      element('button', { type: 'submit', class: 'primary' }, 'Watch'),
      copyButton('Copy link', () => location.href, {
        title: 'Copy a link to this view. The link never contains the token.',
      }),
    );
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.apply();
    });
  }

  update(): void {
    const { state, hub } = this.model;
    this.topics.placeholder = hub?.wildcards
      ? 'all topics, or orders.* invoices.>'
      : 'orders.new orders.paid';
    if (document.activeElement !== this.topics) this.topics.value = state.topics.join(' ');
    if (this.root.contains(document.activeElement) && document.activeElement !== this.topics)
      return;
    const listed = STARTS.some(([value]) => value === state.start);
    this.start.value = state.cursor !== '' ? CURSOR : listed ? state.start : TIME;
    this.from.value = state.cursor || (listed ? '' : state.start);
    this.showFrom();
  }

  private showFrom(): void {
    const { value } = this.start;
    this.fromField.hidden = value !== TIME && value !== CURSOR;
    this.from.placeholder = value === CURSOR ? '12345' : '2026-01-01T00:00:00Z or PT5M';
  }

  private apply(): void {
    const { value } = this.start;
    const from = this.from.value.trim();
    const cursor = value === CURSOR ? from : '';
    const start = value === TIME ? from || 'live' : value === CURSOR ? 'live' : value;
    const topics = splitTopics(this.topics.value);
    this.model.change({ topics, start, cursor });
    // Also without changes: a refusal may no longer apply.
    if (this.model.connection.name === 'refused') this.model.restart();
  }
}
