import { button, element, setText, svg } from '../dom/element.js';
import { SECONDS, type TopicActivity } from '../model/topic-board.js';
import { rate } from '../text/figures.js';
import { visibleText } from '../text/visible-text.js';

const HEIGHT = 18;

/** One topic: its name, its recent activity, its newest value. */
export class TopicLine {
  readonly root: HTMLLIElement;
  private readonly name: HTMLButtonElement;
  private readonly rate = element('span', { class: 'rate mono' });
  private readonly value = element('span', { class: 'value mono muted' });
  private readonly line = svg('path');
  private path = '';

  constructor(
    private readonly activity: TopicActivity,
    choose: () => void,
  ) {
    this.name = button(visibleText(activity.topic) || '(unnamed)', choose, {
      class: 'plain',
      'aria-pressed': 'false',
      title: 'Plot a number of this topic',
    });
    const spark = svg(
      'svg',
      {
        class: 'spark',
        viewBox: `0 0 ${SECONDS} ${HEIGHT}`,
        preserveAspectRatio: 'none',
        'aria-hidden': true,
      },
      this.line,
    );
    this.root = element('li', {}, this.name, spark, this.rate, this.value);
  }

  show(now: number, chosen: boolean): void {
    const history = this.activity.history(now);
    const highest = Math.max(1, ...history);
    const steps = history.map((count, index) => {
      const y = (HEIGHT - (count / highest) * (HEIGHT - 2) - 1).toFixed(1);
      return `${index === 0 ? 'M' : 'L'}${index + 0.5} ${y}`;
    });
    const path = steps.join('');
    if (path !== this.path) this.line.setAttribute('d', (this.path = path));
    setText(this.rate, rate(this.activity.rate(now)));
    setText(this.value, this.activity.preview);
    if (this.root.classList.contains('chosen') === chosen) return;
    this.root.classList.toggle('chosen', chosen);
    this.name.setAttribute('aria-pressed', String(chosen));
  }
}
