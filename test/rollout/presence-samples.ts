import { setTimeout as pause } from 'node:timers/promises';
import type { PresenceBody } from '../e2e/fleet/fleet-rig.js';

/** Presence answers while processes were replaced. */
export interface PresenceFigures {
  readonly samples: number;
  /** Requests to a process that ended meanwhile. */
  readonly unanswered: number;
  readonly longestAnswerMs: number;
  readonly leastStreams: number;
  readonly mostStreams: number;
  /** Clients that one answer counted twice. */
  readonly mostDoubles: number;
  /** From the first to the last answer that counted the same client twice. */
  readonly longestDoubleMs: number;
}

const EVERY_MS = 50;

/** Requests presence repeatedly, for clients with one stream each. */
export class PresenceSamples {
  private isOver = false;
  private readonly figures = {
    samples: 0,
    unanswered: 0,
    longestAnswerMs: 0,
    leastStreams: Infinity,
    mostStreams: 0,
    mostDoubles: 0,
    longestDoubleMs: 0,
  };
  /** Since when each client is counted twice. */
  private readonly doubles = new Map<string, number>();
  private readonly asking: Promise<void>;

  constructor(private readonly ask: () => Promise<PresenceBody>) {
    this.asking = this.run();
  }

  async stop(): Promise<PresenceFigures> {
    this.isOver = true;
    await this.asking;
    return this.figures;
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      const began = performance.now();
      try {
        this.take(await this.ask(), performance.now() - began);
      } catch {
        this.figures.unanswered += 1;
      }
      await pause(EVERY_MS);
    }
  }

  private take({ topics }: PresenceBody, answerMs: number): void {
    const { figures, doubles } = this;
    const now = performance.now();
    const all = Object.values(topics);
    const streams = all.reduce((sum, topic) => sum + topic.streams, 0);
    const twice = all
      .flatMap(({ clients }) => clients)
      .filter((client) => client.streams > 1)
      .map(({ subject }) => subject);
    figures.samples += 1;
    figures.longestAnswerMs = Math.max(figures.longestAnswerMs, Math.round(answerMs));
    figures.leastStreams = Math.min(figures.leastStreams, streams);
    figures.mostStreams = Math.max(figures.mostStreams, streams);
    figures.mostDoubles = Math.max(figures.mostDoubles, twice.length);
    for (const subject of doubles.keys()) if (!twice.includes(subject)) doubles.delete(subject);
    for (const subject of twice) {
      const since = doubles.get(subject) ?? now;
      doubles.set(subject, since);
      figures.longestDoubleMs = Math.max(figures.longestDoubleMs, Math.round(now - since));
    }
  }
}
