import * as fc from 'fast-check';
import { storedMessage } from '../frames/message.fixture.js';
import { LogEntry } from './log-entry.js';
import { MessageWindow } from './message-window.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

const SUBJECTS = ['a', 'b', 'o.x', 'o.y', 'never'] as const;
const SETS = [['a'], ['a', 'b', 'o.x'], ['o.*'], ['b', 'o.>'], ['>'], ['never']].map(
  (topics) => new SubjectSet('', topics),
);
const FLOOR = 2;
const MOST = 6;

type Step =
  | { readonly do: 'append'; readonly subject: string; readonly skipped: number }
  | { readonly do: 'remove' | 'forget'; readonly which: number }
  | { readonly do: 'forgetAll' | 'miss'; readonly back: number }
  | { readonly do: 'trim' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      subject: fc.constantFrom('a', 'b', 'o.x', 'o.y'),
      skipped: fc.nat(2),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('remove', 'forget'), which: fc.nat(20) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('forgetAll', 'miss'), back: fc.nat(6) }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'trim' as const }) },
);

/** A window beside a plain list of what it holds and what it lost. */
class Script {
  readonly window: MessageWindow;
  private readonly evicted: LogEntry[] = [];
  private readonly evictedInModel: LogEntry[] = [];
  private readonly all: LogEntry[] = [];
  private held: LogEntry[] = [];
  private readonly lost = new Map<string, number>();
  private floor = FLOOR;
  private sequence = FLOOR;

  constructor() {
    const bounds = { maxMessages: MOST, maxBytes: 1e9 };
    this.window = new MessageWindow(bounds, FLOOR, (entry) => this.evicted.push(entry));
  }

  take(step: Step): void {
    const { window } = this;
    switch (step.do) {
      case 'append': {
        const sequence = (this.sequence += 1 + step.skipped);
        const { subject } = step;
        const entry = new LogEntry(
          storedMessage('x', { subject, sequence, timeNanos: BigInt(sequence) }),
        );
        window.append(entry);
        this.all.push(entry);
        this.held.push(entry);
        break;
      }
      case 'remove':
      case 'forget': {
        // Also one that has left before.
        const entry = this.all[step.which % Math.max(1, this.all.length)];
        if (entry === undefined) return;
        window[step.do](entry);
        this.leave(entry);
        if (step.do === 'forget') this.lose(entry);
        break;
      }
      case 'forgetAll': {
        const through = this.sequence - step.back;
        const gone = this.held.filter(({ sequence }) => sequence <= through);
        expect(window.forgetAll(through)).toEqual(gone);
        for (const entry of gone) this.leave(entry);
        this.floor = Math.max(this.floor, through);
        break;
      }
      case 'miss':
        window.missing('b', Math.max(1, this.sequence - step.back));
        this.lose({ subject: 'b', sequence: Math.max(1, this.sequence - step.back) });
        break;
      case 'trim':
        window.trim();
        while (this.held.length > MOST) this.evictFirst();
        break;
      default:
        step satisfies never;
    }
  }

  expectSame(cursor: number, limit: number): void {
    const { window, held } = this;
    expect(this.evicted).toEqual(this.evictedInModel);
    expect([window.messages, window.first]).toEqual([held.length, held[0]]);
    expect([...window.subjects()].sort()).toEqual([...new Set(held.map((e) => e.subject))].sort());
    expect(window.through(cursor)).toEqual(held.filter(({ sequence }) => sequence <= cursor));
    for (const subject of SUBJECTS) this.expectSameSubject(subject, cursor);
    for (const set of SETS) this.expectSameSet(set, cursor, limit);
    for (let sequence = 1; sequence <= this.sequence + 1; sequence++) {
      expect(window.at(sequence)).toBe(held.find((entry) => entry.sequence === sequence));
    }
  }

  private expectSameSubject(subject: string, cursor: number): void {
    const { window } = this;
    const own = this.held.filter((entry) => entry.subject === subject);
    const older = own.filter(({ sequence }) => sequence <= cursor);
    expect(window.countOf(subject)).toBe(own.length);
    expect(window.firstOf(subject)).toBe(own[0]);
    expect(window.newestOf(subject)).toBe(own.at(-1));
    expect(window.newestOf(subject, cursor)).toBe(older.at(-1));
    expect(window.through(cursor, subject)).toEqual(older);
    const [wanted] = new SubjectSet('', [subject]).all as [WantedSubject];
    expect(window.lostOf(wanted)).toBe(this.lostOf(subject));
  }

  private expectSameSet(set: SubjectSet, cursor: number, limit: number): void {
    const { window } = this;
    const own = this.held.filter(({ subject }) => set.matches(subject));
    const newer = own.filter(({ sequence }) => sequence > cursor);
    expect(window.after(set, cursor, limit)).toEqual(newer.slice(0, limit));
    expect(window.newest(set, limit)).toEqual(own.slice(-limit));
    const uncovered = set.all.filter((subject) => window.lostOf(subject) > cursor);
    expect(window.uncovered(set, cursor)).toEqual(
      uncovered.map((subject) => ({ subject, lost: window.lostOf(subject) })),
    );
    expect(window.covers(set, cursor)).toBe(uncovered.length === 0);
  }

  private lostOf(subject: string): number {
    return Math.max(this.floor, this.lost.get(subject) ?? 0);
  }

  private evictFirst(): void {
    const entry = this.held[0] as LogEntry;
    this.leave(entry);
    this.lose(entry);
    if (this.held.every(({ subject }) => subject !== entry.subject)) {
      this.evictedInModel.push(entry);
    }
  }

  private leave(entry: LogEntry): void {
    this.held = this.held.filter((one) => one !== entry);
  }

  private lose({ subject, sequence }: Pick<LogEntry, 'subject' | 'sequence'>): void {
    this.lost.set(subject, Math.max(sequence, this.lost.get(subject) ?? 0));
  }
}

it('a window behaves like a list of messages and a record of the highest lost sequences', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.nat(40),
      fc.integer({ min: 1, max: 8 }),
      (steps, cursor, limit) => {
        const script = new Script();
        for (const one of steps) script.take(one);
        script.expectSame(cursor, limit);
      },
    ),
    { numRuns: 300 },
  );
});
