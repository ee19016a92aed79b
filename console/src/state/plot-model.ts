import type { Message } from '@nuts/client';
import { numberAt } from '../model/numeric-fields.js';
import { Series } from '../model/series.js';
import { readHistory } from '../stream/read-history.js';

/** What to plot. */
export interface PlotRequest {
  readonly url: string;
  /** Empty = nothing. */
  readonly topic: string;
  readonly field: string;
  /** An ISO 8601 duration. */
  readonly lookBack: string;
  readonly token: string;
}

/** The points of a plot: history first, then live messages, each once. */
export class PlotModel {
  series = new Series();
  request: PlotRequest | undefined;
  private reading: AbortController | undefined;
  /** Live messages that arrived while the history was being read. */
  private held: (readonly [Message, number])[] | undefined;

  follow(request: PlotRequest): void {
    this.reading?.abort();
    this.reading = undefined;
    this.held = undefined;
    this.series = new Series();
    const { topic, field, lookBack } = request;
    this.request = topic === '' || field === '' ? undefined : request;
    if (this.request === undefined) return;
    const reading = (this.reading = new AbortController());
    const { signal } = reading;
    this.held = [];
    const asked = { ...request, start: lookBack, signal };
    void readHistory(asked, (message) => this.add(message, Date.now())).then(() => {
      if (signal.aborted) return;
      const { held = [] } = this;
      this.held = undefined;
      for (const [message, at] of held) this.add(message, at);
    });
  }

  take(message: Message, receivedAt: number): void {
    if (message.topic !== this.request?.topic) return;
    if (this.held) this.held.push([message, receivedAt]);
    else this.add(message, receivedAt);
  }

  private add({ id, time, payload }: Message, receivedAt: number): void {
    const value = numberAt(payload, this.request?.field ?? '');
    if (value !== undefined) this.series.add(id, time, receivedAt, value);
  }
}
