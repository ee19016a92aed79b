import { button, element, field, setText } from '../dom/element.js';
import { duration } from '../text/figures.js';
import { visibleText } from '../text/visible-text.js';
import type { ConsoleModel } from '../state/console-model.js';
import type { View } from './view.interface.js';

/** The chosen hub, the state of its connection, and the button that cuts it. */
export class HeaderView implements View {
  readonly root: HTMLElement;
  private readonly hubs = element('select', { id: 'hub' });
  private readonly dot = element('span', { class: 'dot', 'aria-hidden': true });
  private readonly status = element('span', { role: 'status', class: 'status-text' });
  private readonly delay = element('span', { class: 'muted delay', title: DELAY_HELP });
  private readonly cut = button('Cut connection', () => this.model.cut(), {
    title: 'Interrupts the connection of this page. The page reconnects and resumes.',
  });

  constructor(private readonly model: ConsoleModel) {
    for (const { path } of model.config.hubs) {
      this.hubs.append(element('option', { value: path }, path));
    }
    this.hubs.addEventListener('change', () =>
      model.change({ hub: this.hubs.value, topics: [], cursor: '', plotTopic: '', plotField: '' }),
    );
    this.root = element(
      'header',
      { class: 'top' },
      element('h1', {}, 'NUTS', element('span', {}, ' console')),
      field('Hub', this.hubs, 'inline-field'),
      element('p', { class: 'status' }, this.dot, this.status, this.delay),
      this.cut,
    );
  }

  update(): void {
    const { model } = this;
    this.hubs.value = model.hub?.path ?? '';
    const { connection } = model;
    this.dot.dataset['state'] = connection.name;
    setText(this.status, this.describe());
    this.cut.disabled = connection.name !== 'open';
  }

  draw(): void {
    const median = this.model.delays.median();
    setText(this.delay, median === undefined ? '' : `delay ${duration(median)}`);
  }

  private describe(): string {
    const { connection } = this.model;
    switch (connection.name) {
      case 'open':
        return 'Connected';
      case 'connecting':
        return 'Connecting …';
      case 'waiting':
        return `Reconnecting in ${duration(connection.retryInMs)}: ${visibleText(connection.reason)}`;
      case 'refused':
        return `Refused with ${connection.status}`;
      case 'closed':
        return 'Not connected';
    }
  }
}

const DELAY_HELP =
  'Time from storage to receipt: median of the newest live events, measured by two clocks';
