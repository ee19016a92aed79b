import { element, setText } from '../dom/element.js';
import type { Moment, MomentKind, Timeline } from '../model/timeline.js';
import { clock, duration, whole } from '../text/figures.js';
import { TimelineStrip } from './timeline-strip.js';
import type { View } from './view.interface.js';

const NAMES: Readonly<Record<MomentKind, string>> = {
  connecting: 'Request',
  connected: 'Connected',
  live: 'Live',
  heartbeat: 'Heartbeat',
  gap: 'Gap',
  reset: 'Reset',
  retry: 'Retry',
  waiting: 'Waiting',
  refused: 'Refused',
  expiring: 'Expiring',
  cut: 'Cut',
};

/** The events of the connection, newest first, with their durations. */
export class TimelineView implements View {
  readonly root: HTMLElement;
  private readonly list = element('ol', { class: 'timeline', reversed: true });
  private readonly empty = element('p', { class: 'empty' }, 'No connection events yet.');
  private readonly items = new Map<Moment, HTMLElement>();
  private readonly strip: TimelineStrip;
  private drawn = -1;

  constructor(private readonly timeline: Timeline) {
    this.strip = new TimelineStrip(timeline);
    this.root = element('div', {}, this.strip.root, this.list, this.empty);
  }

  draw(): void {
    this.strip.draw();
    if (this.drawn === this.timeline.version) return;
    this.drawn = this.timeline.version;
    const { moments } = this.timeline;
    this.empty.hidden = moments.length > 0;
    const kept = new Set(moments);
    for (const [moment, item] of this.items) {
      if (kept.has(moment)) continue;
      item.remove();
      this.items.delete(moment);
    }
    for (const moment of moments) {
      let item = this.items.get(moment);
      if (item === undefined) {
        item = makeItem(moment);
        this.items.set(moment, item);
        this.list.prepend(item);
      }
      fill(item, moment);
    }
  }
}

function makeItem({ kind }: Moment): HTMLElement {
  return element(
    'li',
    { 'data-kind': kind },
    element('time', { class: 'mono muted' }),
    element('strong', {}, NAMES[kind]),
    element('span', { class: 'latency mono' }),
    element('span', { class: 'text' }),
  );
}

function fill(item: HTMLElement, { at, text, latencyMs, times }: Moment): void {
  const [time, , latency, words] = item.children;
  if (!time || !latency || !words) return;
  setText(time, clock(at));
  setText(words, times > 1 ? `${text}, ${whole(times)} times` : text);
  setText(latency, latencyMs === undefined ? '' : duration(latencyMs));
}
