import { element, svg } from '../dom/element.js';
import { connectedSpans } from '../model/connected-spans.js';
import type { Timeline } from '../model/timeline.js';

/** The period shown, in seconds; also the width of the graphic. */
const SECONDS = 60;
const HEIGHT = 28;
const REDRAW_MS = 1_000;

/** The last minute of the connection as a graphic; the list contains the same as text. */
export class TimelineStrip {
  readonly root: HTMLElement;
  private readonly picture = svg('svg', {
    viewBox: `0 0 ${SECONDS} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    'aria-hidden': true,
  });
  private drawnAt = 0;
  private drawn = -1;

  constructor(private readonly timeline: Timeline) {
    const caption = element(
      'p',
      { class: 'muted small', 'aria-hidden': true },
      element('span', {}, '1 min ago'),
      element('span', {}, 'now'),
    );
    this.root = element('div', { class: 'strip' }, this.picture, caption);
  }

  draw(now = Date.now()): void {
    const { version, moments } = this.timeline;
    if (version === this.drawn && now - this.drawnAt < REDRAW_MS) return;
    this.drawn = version;
    this.drawnAt = now;
    const x = (at: number): number => SECONDS - (now - at) / 1_000;
    const spans = connectedSpans(moments, now).map(({ from, to }) => {
      const left = Math.max(0, x(from));
      return svg('rect', { x: left, y: 10, height: 8, width: Math.max(0, x(to) - left) });
    });
    const marks = moments
      .filter(({ at }) => x(at) >= 0)
      .map(({ at, kind }) =>
        svg('line', { x1: x(at), x2: x(at), y1: 4, y2: HEIGHT - 4, 'data-kind': kind }),
      );
    this.picture.replaceChildren(...spans, ...marks);
  }
}
