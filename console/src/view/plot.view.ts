import { element, field, setText } from '../dom/element.js';
import { numericFields } from '../model/numeric-fields.js';
import type { ConsoleModel } from '../state/console-model.js';
import { figure, whole } from '../text/figures.js';
import { Chart } from './chart.js';
import type { View } from './view.interface.js';

const LOOK_BACKS: readonly (readonly [value: string, text: string, seconds: number])[] = [
  ['PT1M', '1 min', 60],
  ['PT5M', '5 min', 300],
  ['PT15M', '15 min', 900],
  ['PT1H', '1 hour', 3_600],
  ['PT6H', '6 hours', 21_600],
  ['P1D', '1 day', 86_400],
];

/** Maximum number of topics to choose from; the list of topics has the others. */
const MAX_TOPICS = 200;

/** Plots a number of a topic over time. */
export class PlotView implements View {
  readonly root: HTMLElement;
  private readonly topic = element('select');
  private readonly field = element('select');
  private readonly back = element('select');
  private readonly summary = element('figcaption', { class: 'muted' });
  private readonly empty = element('p', { class: 'empty' });
  private readonly figure: HTMLElement;
  private readonly chart: Chart;
  private drawn = '';

  constructor(private readonly model: ConsoleModel) {
    for (const [value, text] of LOOK_BACKS) this.back.append(element('option', { value }, text));
    const canvas = element('div', { class: 'chart', 'aria-hidden': true });
    this.chart = new Chart(canvas);
    this.figure = element('figure', {}, canvas, this.summary);
    const change = (): void =>
      model.change({
        plotTopic: this.topic.value,
        plotField: this.field.value,
        lookBack: this.back.value,
      });
    this.topic.addEventListener('change', () => {
      const [first = ''] = numericFields(model.board.get(this.topic.value)?.newest);
      model.change({ plotTopic: this.topic.value, plotField: first });
    });
    this.field.addEventListener('change', change);
    this.back.addEventListener('change', change);
    this.root = element(
      'section',
      { class: 'panel plot-panel', 'aria-labelledby': 'plot-title' },
      element(
        'div',
        { class: 'panel-head' },
        element('h2', { id: 'plot-title' }, 'Plot'),
        field('Topic', this.topic, 'inline-field'),
        field('Field', this.field, 'inline-field'),
        field('Last', this.back, 'inline-field'),
      ),
      this.figure,
      this.empty,
    );
  }

  draw(): void {
    const { plot, state } = this.model;
    this.offer();
    const [, , seconds] = LOOK_BACKS.find(([value]) => value === state.lookBack) ?? ['', '', 300];
    const now = Date.now() / 1_000;
    const { series } = plot;
    series.keepSince(now - seconds);
    const isEmpty = series.times.length === 0;
    this.figure.hidden = isEmpty;
    this.empty.hidden = !isEmpty;
    if (isEmpty) return setText(this.empty, this.emptyText());
    this.chart.draw(series.times, series.values, now - seconds, now);
    const shown = series.values.slice(series.times.findIndex((time) => time >= now - seconds));
    setText(this.summary, summarize(state.plotTopic, state.plotField, shown));
  }

  /** Rebuilds the lists of topics and fields only if they differ, because an open list would close. */
  private offer(): void {
    const { board, state } = this.model;
    const topics = board
      .sorted()
      .slice(0, MAX_TOPICS)
      .map(({ topic }) => topic);
    const fields = numericFields(board.get(state.plotTopic)?.newest);
    const offered = JSON.stringify([topics, fields, state]);
    if (offered === this.drawn) return;
    this.drawn = offered;
    fill(this.topic, ['', ...topics], state.plotTopic);
    fill(this.field, fields, state.plotField);
    this.back.value = state.lookBack;
  }

  private emptyText(): string {
    const { state, board } = this.model;
    if (state.plotTopic === '') return 'Select a topic to plot one of its numbers.';
    if (state.plotField !== '') return 'No value in this time range yet.';
    return board.get(state.plotTopic) === undefined
      ? 'Waiting for a value on this topic.'
      : 'The newest value of this topic contains no number.';
  }
}

function fill(select: HTMLSelectElement, values: readonly string[], chosen: string): void {
  const all = values.includes(chosen) || chosen === '' ? values : [chosen, ...values];
  const options = all.map((value) => element('option', { value }, value || 'none'));
  select.replaceChildren(...options);
  select.value = chosen;
}

/** A text description of the plot. */
function summarize(topic: string, name: string, values: readonly number[]): string {
  const newest = values.at(-1);
  if (newest === undefined) return `${topic} ${name}: no value in this time range`;
  let [least, most] = [newest, newest];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const range = `from ${figure(least)} to ${figure(most)}`;
  return `${topic} ${name}: ${figure(newest)}, ${range}, ${whole(values.length)} points`;
}
