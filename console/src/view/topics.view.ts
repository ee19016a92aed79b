import type { HubState } from '@nuts/client';
import { element, setText } from '../dom/element.js';
import type { TopicActivity } from '../model/topic-board.js';
import type { ConsoleModel } from '../state/console-model.js';
import { numericFields } from '../model/numeric-fields.js';
import { whole } from '../text/figures.js';
import { TopicLine } from './topic-line.js';
import type { View } from './view.interface.js';

/** Maximum number of lines; the search finds the others. */
const MAX_LINES = 100;

/** Topics with their rates and newest values. Selecting a topic plots it. */
export class TopicsView implements View {
  readonly root: HTMLElement;
  private readonly list = element('ul', { class: 'topics' });
  private readonly count = element('span', { class: 'muted count' });
  private readonly search = element('input', {
    type: 'search',
    placeholder: 'Find a topic',
    'aria-label': 'Find a topic',
  });
  private readonly empty = element('p', { class: 'empty' });
  private readonly lines = new Map<TopicActivity, TopicLine>();

  constructor(private readonly model: ConsoleModel) {
    this.root = element(
      'section',
      { class: 'panel topics-panel', 'aria-labelledby': 'topics-title' },
      element(
        'div',
        { class: 'panel-head' },
        element('h2', { id: 'topics-title' }, 'Topics'),
        this.count,
        this.search,
      ),
      element('div', { class: 'scroll' }, this.list, this.empty),
    );
  }

  draw(): void {
    const { board, topics, hub, state, connection } = this.model;
    const searched = this.search.value.trim().toLowerCase();
    const all = board.sorted();
    const found = all.filter(({ topic }) => topic.toLowerCase().includes(searched));
    const shown = found.slice(0, MAX_LINES);
    this.arrange(shown);
    const now = Date.now();
    for (const activity of shown) {
      this.lines.get(activity)?.show(now, activity.topic === state.plotTopic);
    }
    const more = found.length > shown.length ? `, first ${MAX_LINES} shown` : '';
    setText(this.count, all.length === 0 ? '' : whole(found.length) + more);
    this.empty.hidden = shown.length > 0;
    if (shown.length > 0) return;
    if (topics.length === 0) {
      setText(
        this.empty,
        hub === undefined
          ? 'This service has no hubs.'
          : 'This hub does not allow wildcards, so the console cannot list its topics. Enter topic names above.',
      );
    } else if (all.length > 0) setText(this.empty, 'No topic name contains this text.');
    else setText(this.empty, emptyText(connection.name));
  }

  /** Sorts lines and touches only changed ones. */
  private arrange(shown: readonly TopicActivity[]): void {
    const kept = new Set(shown);
    for (const [activity, line] of this.lines) {
      if (kept.has(activity)) continue;
      line.root.remove();
      this.lines.delete(activity);
    }
    shown.forEach((activity, index) => {
      let line = this.lines.get(activity);
      if (line === undefined) {
        line = new TopicLine(activity, () => this.choose(activity));
        this.lines.set(activity, line);
      }
      const there = this.list.children[index];
      if (there !== line.root) this.list.insertBefore(line.root, there ?? null);
    });
  }

  private choose({ topic, newest }: TopicActivity): void {
    const fields = numericFields(newest);
    const { plotField } = this.model.state;
    const field = fields.includes(plotField) ? plotField : (fields[0] ?? '');
    this.model.change({ plotTopic: topic, plotField: field });
  }
}

function emptyText(connection: HubState['name']): string {
  if (connection === 'open') return 'No topic has a value yet.';
  return connection === 'refused'
    ? 'The server refused the request. The reason is shown above.'
    : '';
}
