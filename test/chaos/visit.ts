import type { StoredPlace } from './broker.js';
import type { StreamBlock } from './event-stream-parser.js';

/** One page: a stream that began with `start`, and resumes from its position until the page is left. */
export class Visit {
  /** The position that the stream started after; undefined until it is told, and for initial values. */
  after: number | undefined;
  /** Sequences in order of arrival, initial values first. */
  readonly received: number[] = [];
  /** How many of them were initial values. */
  initial = 0;
  position = 0;
  /** The last id line; empty while a cut means a start from the beginning. */
  cursor = '';
  /** When the first stream was open, in ms. */
  connectedMs = Infinity;
  /** The position of the first `live`. */
  liveAt: number | undefined;
  private isAnnounced = true;
  readonly violations: string[] = [];

  /**
   * @param acknowledged the newest sequence that was known to be stored when the request was sent
   * @param requestedMs when that was
   */
  constructor(
    readonly start: string,
    readonly topics: readonly string[],
    private readonly acknowledged: number,
    private readonly requestedMs: number,
  ) {}

  /** True once the history is delivered. */
  get isLive(): boolean {
    return this.liveAt !== undefined;
  }

  take({ event, data, id }: StreamBlock): void {
    if (event === 'connected') this.connected(data, id ?? '');
    else if (event === 'live') this.live(Number(id));
    else if (event === 'message') this.message(data, id);
    else if (event !== undefined) this.violations.push(`an event ${event}: ${data}`);
    else if (id !== undefined && Number(id) < this.position) {
      this.violations.push(`a heartbeat moved back to ${id} from ${this.position}`);
    } else this.position = Math.max(this.position, Number(id ?? 0));
    if (id !== undefined && id !== '') this.cursor = id;
  }

  /** Descriptions of errors, given the stream's messages of the topics, in order. */
  problems(stored: readonly StoredPlace[]): string[] {
    const due = stored.filter(({ subject }) => this.topics.includes(subject.slice(7)));
    const wrong = [...this.violations];
    for (const [index, sequence] of this.received.entries()) {
      const before = this.received[index - 1] ?? 0;
      if (sequence <= before) wrong.push(`${sequence} came after ${before}`);
    }
    if (this.isLive) wrong.push(...this.missing(due), ...this.wrongStart(due));
    const { start, topics, liveAt, position } = this;
    const what = `start=${start} of ${topics.slice(0, 5).join()}, live at ${liveAt}, at ${position}`;
    return wrong.slice(0, 5).map((text) => `${what}: ${text}`);
  }

  private connected(data: string, id: string): void {
    const { recovery } = JSON.parse(data) as { recovery: string };
    const expected = this.cursor === '' ? 'started' : 'resumed';
    if (recovery !== expected) this.violations.push(`${recovery}, but not ${expected}`);
    this.isAnnounced = false;
    this.connectedMs = Math.min(this.connectedMs, Date.now());
    if (this.cursor !== '') return;
    // Cut off without a cursor: everything is sent again.
    this.received.length = 0;
    this.initial = 0;
    this.position = Number(id);
    if (id !== '') this.after = this.position;
    else if (this.start !== 'last') this.violations.push('no position');
  }

  private live(position: number): void {
    if (this.isAnnounced) this.violations.push('live came twice');
    if (position < this.position) this.violations.push(`live at ${position} < ${this.position}`);
    this.isAnnounced = true;
    this.liveAt ??= position;
    this.position = position;
  }

  private message(data: string, id: string | undefined): void {
    const { sequence } = JSON.parse(data) as { sequence?: number };
    if (id === undefined) {
      if (this.start !== 'last' || this.isLive) this.violations.push(`no id at ${sequence}`);
      this.initial += 1;
    } else this.position = Number(id);
    this.received.push(Number(id ?? sequence));
  }

  /** From where it starts, nothing is left out; with `last` of each subject. */
  private missing(due: readonly StoredPlace[]): string[] {
    const got = new Set(this.received);
    const known = new Set(due.map(({ sequence }) => sequence));
    const strange = this.received.filter((sequence) => !known.has(sequence));
    const wrong = strange.length > 0 ? [`never stored: ${strange.slice(0, 9).join(' ')}`] : [];
    for (const topic of this.topics) {
      const own = due.filter(
        ({ subject, sequence }) => subject === `events.${topic}` && sequence <= this.position,
      );
      const first = own.findIndex(({ sequence }) => got.has(sequence));
      const isPart = this.start !== 'last' || first < 0;
      const after = isPart ? (this.after ?? 0) : (own[first]?.sequence ?? 0) - 1;
      const lost = own.filter(({ sequence }) => sequence > after && !got.has(sequence));
      const places = lost.map(({ sequence }) => sequence).slice(0, 9);
      if (lost.length > 0) wrong.push(`lost ${lost.length} of ${topic}: ${places.join(' ')}`);
    }
    return wrong;
  }

  /** Whether it started at the requested position. */
  private wrongStart(due: readonly StoredPlace[]): string[] {
    const older = due.filter(({ sequence }) => sequence <= this.acknowledged);
    const given = new Set(this.received);
    const count = Number(/^last:(\d+)$/.exec(this.start)?.[1] ?? NaN);
    if (this.start === 'all') return this.after === 0 ? [] : [`began after ${this.after}`];
    if (this.start === 'last') return this.wrongState(due);
    if (count > 0) {
      const all = due.filter(({ sequence }) => sequence <= (this.liveAt ?? 0));
      const enough = all.filter(({ sequence }) => given.has(sequence)).length;
      // More than asked for may come while NATS is silent: what is remembered decides then.
      return enough < Math.min(count, older.length) ? [`${enough} only`] : [];
    }
    const backMs = 1000 * Number(/^PT(\d+)S$/.exec(this.start)?.[1]);
    const early = due.filter(
      ({ sequence, timeMs }) => given.has(sequence) && timeMs < this.requestedMs - backMs - 5,
    );
    const late = due.filter(
      ({ sequence, timeMs }) =>
        sequence <= (this.liveAt ?? 0) &&
        timeMs > this.connectedMs - backMs + 5 &&
        !given.has(sequence),
    );
    return [
      ...(early.length > 0 ? [`${early.length} too old`] : []),
      ...(late.length > 0 ? [`${late.length} young enough, but missing`] : []),
    ];
  }

  /** At `live`, the newest message of each subject had been received. */
  private wrongState(due: readonly StoredPlace[]): string[] {
    const { liveAt = 0, initial, received } = this;
    const given = new Set(received);
    const wrong = this.topics.filter((topic) => {
      const own = due.filter(
        ({ subject, sequence }) => subject === `events.${topic}` && sequence <= liveAt,
      );
      const newest = own.at(-1);
      return newest !== undefined && !given.has(newest.sequence);
    });
    const state = received.slice(0, initial);
    const subjectOf = new Map(due.map(({ sequence, subject }) => [sequence, subject]));
    const subjects = new Set(state.map((sequence) => subjectOf.get(sequence)));
    return [
      ...wrong.map((topic) => `at live ${liveAt} the newest of ${topic} was missing`),
      ...(subjects.size < state.length ? ['several initial values of one subject'] : []),
    ];
  }
}
