import type { Gap, Message } from '@nuts/client';
import { shownPayload } from './shown-payload.js';
import { preview } from '../text/preview.js';

/** Maximum number of events. */
const MAX_EVENTS = 2_000;
const MAX_CHARACTERS = 16_000_000;

/** One line of the table. */
export class LoggedEvent {
  private shortened: string | undefined;

  constructor(
    /** Number of the event in the log. */
    readonly number: number,
    readonly kind: 'message' | 'gap',
    readonly receivedAt: number,
    readonly id: string,
    readonly topic: string,
    readonly value: Message | Gap,
    /** The data as received, if known. */
    readonly data: string | undefined,
  ) {}

  /** A one-line excerpt, created when it is first shown. */
  get preview(): string {
    return (this.shortened ??=
      'payload' in this.value ? preview(shownPayload(this.value)) : gapText(this.value));
  }

  matches(filter: string): boolean {
    return (
      filter === '' ||
      this.topic.toLowerCase().includes(filter) ||
      this.id.includes(filter) ||
      this.preview.toLowerCase().includes(filter)
    );
  }
}

/** The newest events, limited in number and size, and those that match the filter. */
export class EventLog {
  private events: LoggedEvent[] = [];
  private shown: LoggedEvent[] = [];
  private characters = 0;
  private filterText = '';
  private paused: readonly LoggedEvent[] | undefined;
  private pausedAt = 0;
  /** Number of events since the log was empty. */
  total = 0;
  /** Incremented with each change of the table. */
  version = 0;

  addMessage(message: Message, data: string | undefined, receivedAt: number): void {
    const { id, topic } = message;
    this.add(new LoggedEvent(++this.total, 'message', receivedAt, id, topic, message, data));
  }

  addGap(gap: Gap, receivedAt: number): void {
    const { id = '', topic = '' } = gap;
    this.add(new LoggedEvent(++this.total, 'gap', receivedAt, id, topic, gap, undefined));
  }

  get filter(): string {
    return this.filterText;
  }

  set filter(text: string) {
    this.filterText = text.trim().toLowerCase();
    this.shown = this.events.filter((event) => event.matches(this.filterText));
    if (this.paused) this.paused = [...this.shown];
    this.version += 1;
  }

  get isPaused(): boolean {
    return this.paused !== undefined;
  }

  /** Number of events since it was paused. */
  get missed(): number {
    return this.paused ? this.total - this.pausedAt : 0;
  }

  pause(): void {
    this.paused = [...this.shown];
    this.pausedAt = this.total;
    this.version += 1;
  }

  resume(): void {
    this.paused = undefined;
    this.version += 1;
  }

  clear(): void {
    this.events = [];
    this.shown = [];
    this.characters = 0;
    this.total = 0;
    if (this.paused) this.pause();
    this.version += 1;
  }

  get count(): number {
    return (this.paused ?? this.shown).length;
  }

  /** Rows of the table, newest first. */
  lines(from: number, to: number): LoggedEvent[] {
    const all = this.paused ?? this.shown;
    return all.slice(Math.max(0, all.length - to), all.length - from).reverse();
  }

  private add(event: LoggedEvent): void {
    this.events.push(event);
    this.characters += sizeOf(event);
    if (event.matches(this.filterText)) this.shown.push(event);
    while (this.events.length > MAX_EVENTS || this.characters > MAX_CHARACTERS) this.drop();
    if (!this.paused) this.version += 1;
  }

  private drop(): void {
    const oldest = this.events.shift();
    if (oldest === undefined) return;
    this.characters -= sizeOf(oldest);
    if (this.shown[0] === oldest) this.shown.shift();
  }
}

function sizeOf({ data = '' }: LoggedEvent): number {
  return data.length + 100;
}

function gapText({ reason, size }: Gap): string {
  return size === undefined ? reason : `${reason}, ${size} bytes`;
}
