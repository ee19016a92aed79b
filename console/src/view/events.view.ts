import { button, element, setText } from '../dom/element.js';
import type { LoggedEvent } from '../model/event-log.js';
import type { ConsoleModel } from '../state/console-model.js';
import { clock, whole } from '../text/figures.js';
import { visibleText } from '../text/visible-text.js';
import { EventDialog } from './event.dialog.js';
import type { View } from './view.interface.js';

/** Height of a row in CSS pixels; must match the style sheet. */
const LINE = 30;
/** Rows rendered above and below the visible ones. */
const SPARE = 6;
/** Maximum number of rows, for any window height, even if no style sheet limits it. */
const MAX_LINES = 80;

/** The newest events in a virtual table: only visible rows exist. */
export class EventsView implements View {
  readonly root: HTMLElement;
  private readonly body = element('tbody');
  private readonly above = element('tr', { 'aria-hidden': true, class: 'spacer' });
  private readonly below = element('tr', { 'aria-hidden': true, class: 'spacer' });
  private readonly table: HTMLTableElement;
  private readonly scroll: HTMLElement;
  private readonly count = element('span', { class: 'muted count' });
  private readonly empty = element('p', { class: 'empty' });
  private readonly pause = button('Pause', () => this.toggle(), { 'aria-pressed': 'false' });
  private readonly filter = element('input', {
    type: 'search',
    placeholder: 'Topic, id or text',
    'aria-label': 'Filter events',
  });
  private readonly lines: EventLine[] = [];
  private readonly dialog = new EventDialog();
  private drawn = '';

  constructor(private readonly model: ConsoleModel) {
    const head = element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...['Time', 'Topic', 'Id', 'Payload'].map((name) => element('th', { scope: 'col' }, name)),
      ),
    );
    this.body.append(this.above, this.below);
    this.table = element('table', { class: 'events' }, head, this.body);
    this.scroll = element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Events, newest first' },
      this.table,
      this.empty,
    );
    this.scroll.addEventListener('scroll', () => this.draw(), { passive: true });
    this.filter.addEventListener('input', () => model.change({ filter: this.filter.value }));
    this.root = element(
      'section',
      { class: 'panel events-panel', 'aria-labelledby': 'events-title' },
      element(
        'div',
        { class: 'panel-head' },
        element('h2', { id: 'events-title' }, 'Events'),
        this.count,
        this.filter,
        this.pause,
        button('Clear', () => model.log.clear()),
      ),
      this.scroll,
      this.dialog.root,
    );
  }

  update(): void {
    if (document.activeElement !== this.filter) this.filter.value = this.model.state.filter;
  }

  draw(): void {
    const { log } = this.model;
    const from = Math.max(0, Math.floor(this.scroll.scrollTop / LINE) - SPARE);
    const room = Math.min(Math.ceil(this.scroll.clientHeight / LINE) + 2 * SPARE, MAX_LINES);
    const drawing = [log.version, log.missed, from, room, this.model.connection.name].join();
    if (drawing === this.drawn) return;
    this.drawn = drawing;
    const lines = log.lines(from, from + room);
    while (this.lines.length < lines.length) this.addLine();
    this.lines.forEach((line, index) => line.show(lines[index]));
    this.above.style.height = `${from * LINE}px`;
    this.below.style.height = `${Math.max(0, log.count - from - lines.length) * LINE}px`;
    this.table.setAttribute('aria-rowcount', String(log.count + 1));
    this.table.hidden = log.count === 0;
    this.empty.hidden = log.count > 0;
    setText(this.empty, this.emptyText());
    const missed = log.isPaused ? `, ${whole(log.missed)} new` : '';
    setText(this.count, `${whole(log.count)} shown of ${whole(log.total)}${missed}`);
  }

  private addLine(): void {
    const line = new EventLine((event) => this.dialog.open(event));
    this.lines.push(line);
    this.below.before(line.root);
  }

  private toggle(): void {
    const { log } = this.model;
    if (log.isPaused) log.resume();
    else log.pause();
    this.pause.setAttribute('aria-pressed', String(log.isPaused));
    setText(this.pause, log.isPaused ? 'Resume' : 'Pause');
  }

  private emptyText(): string {
    const { log, topics, connection } = this.model;
    if (topics.length === 0) return 'Enter the topics to watch above.';
    if (log.filter !== '') return 'No events match the filter.';
    return connection.name === 'open' ? 'No events yet.' : 'No events.';
  }
}

/** One row of the table, reused for any event. */
class EventLine {
  readonly root: HTMLTableRowElement;
  private readonly time = element('td', { class: 'mono' });
  private readonly topic: HTMLButtonElement;
  private readonly id = element('td', { class: 'mono id' });
  private readonly payload = element('td', { class: 'mono payload' });
  private event: LoggedEvent | undefined;

  constructor(open: (event: LoggedEvent) => void) {
    const act = (): void => {
      if (this.event) open(this.event);
    };
    this.topic = button('', act, { class: 'plain', title: 'Open the event' });
    const topic = element('td', { class: 'topic' }, this.topic);
    this.root = element('tr', {}, this.time, topic, this.id, this.payload);
    this.root.addEventListener('click', ({ target }) => {
      if (target !== this.topic) act();
    });
  }

  show(event: LoggedEvent | undefined): void {
    if (this.event === event) return;
    this.event = event;
    this.root.hidden = event === undefined;
    if (event === undefined) return;
    this.root.className = event.kind;
    this.time.textContent = clock(event.receivedAt);
    this.topic.textContent = visibleText(event.topic) || (event.kind === 'gap' ? 'gap' : '–');
    this.id.textContent = event.id;
    this.payload.textContent = event.kind === 'gap' ? `gap: ${event.preview}` : event.preview;
  }
}
