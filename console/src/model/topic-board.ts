import { preview } from '../text/preview.js';

/** Seconds shown in a topic's activity line. */
export const SECONDS = 30;
/** Number of whole seconds over which the rate is averaged. */
const RATE_SECONDS = 5;
/** Maximum number of topics; beyond it, the one that was silent longest is removed. */
const MAX_TOPICS = 1_000;

/** The activity of one topic. */
export class TopicActivity {
  count = 0;
  lastAt = 0;
  id = '';
  private payload: unknown;
  private shortened: string | undefined;
  private readonly seconds = new Uint32Array(SECONDS + 1);
  private second = 0;

  constructor(readonly topic: string) {}

  take(id: string, payload: unknown, at: number, isLive: boolean): void {
    this.id = id;
    this.payload = payload;
    this.shortened = undefined;
    this.lastAt = at;
    this.count += 1;
    if (!isLive) return;
    this.moveTo(Math.floor(at / 1_000));
    const slot = this.second % this.seconds.length;
    this.seconds[slot] = (this.seconds[slot] ?? 0) + 1;
  }

  get newest(): unknown {
    return this.payload;
  }

  get preview(): string {
    return (this.shortened ??= preview(this.payload, 120));
  }

  /** Live events in each of the last whole seconds, oldest first. */
  history(now: number): number[] {
    this.moveTo(Math.floor(now / 1_000));
    const { length } = this.seconds;
    return Array.from(
      { length: SECONDS },
      (_, index) => this.seconds[(this.second + 1 + index) % length] ?? 0,
    );
  }

  /** Live events per second. */
  rate(now: number): number {
    const last = this.history(now).slice(-RATE_SECONDS);
    return last.reduce((sum, each) => sum + each, 0) / RATE_SECONDS;
  }

  private moveTo(second: number): void {
    const steps = Math.min(second - this.second, this.seconds.length);
    for (let step = 1; step <= steps; step += 1) {
      this.seconds[(second - steps + step) % this.seconds.length] = 0;
    }
    if (second > this.second) this.second = second;
  }
}

/** All topics seen so far, by name. */
export class TopicBoard {
  private readonly topics = new Map<string, TopicActivity>();
  /** Number of removed topics. */
  dropped = 0;

  take(topic: string, id: string, payload: unknown, at: number, isLive: boolean): void {
    let activity = this.topics.get(topic);
    if (activity === undefined) {
      if (this.topics.size >= MAX_TOPICS) this.dropQuietest();
      this.topics.set(topic, (activity = new TopicActivity(topic)));
    }
    activity.take(id, payload, at, isLive);
  }

  clear(): void {
    this.topics.clear();
    this.dropped = 0;
  }

  get(topic: string): TopicActivity | undefined {
    return this.topics.get(topic);
  }

  sorted(): TopicActivity[] {
    return [...this.topics.values()].sort((one, other) => (one.topic < other.topic ? -1 : 1));
  }

  private dropQuietest(): void {
    let quietest: TopicActivity | undefined;
    for (const each of this.topics.values()) {
      if (quietest === undefined || each.lastAt < quietest.lastAt) quietest = each;
    }
    if (quietest !== undefined) this.topics.delete(quietest.topic);
    this.dropped += 1;
  }
}
