import type { LastValues } from './last-values.js';
import type { LogEntry } from './log-entry.js';
import type { MessageWindow } from './message-window.js';
import type { SubjectSet, WantedSubject } from './subject-set.js';

/** The newest messages of a set's subjects. */
export interface NewestOfSet {
  /** In stream order. */
  readonly entries: readonly LogEntry[];
  /** The message of a subject up to the position is missing: memory lost it to a newer one after the position. */
  readonly lacks: boolean;
}

/** The newest message of each subject, if memory can prove it, in the window or beyond. */
export class NewestMessages {
  constructor(
    private readonly window: () => MessageWindow,
    private readonly lastValues: LastValues,
  ) {}

  /** Whether memory knows the newest message of every subject in the set. */
  tells(set: SubjectSet): boolean {
    this.lastValues.expire();
    const window = this.window();
    return set.all.every((subject) => isTold(window, subject) || this.lastValues.tells(subject));
  }

  /**
   * The newest message of each subject after a cursor and up to a position. Complete only if `tells`
   * returned true.
   */
  of(set: SubjectSet, cursor: number, through: number): NewestOfSet {
    const window = this.window();
    const entries: LogEntry[] = [];
    let lacks = false;
    for (const subject of this.subjectsOf(set, window)) {
      const entry = this.newestOf(window, subject, through);
      if (entry === undefined) lacks ||= this.newestOf(window, subject, Infinity) !== undefined;
      else if (entry.sequence > cursor) entries.push(entry);
    }
    entries.sort((a, b) => a.sequence - b.sequence);
    return { entries, lacks };
  }

  private newestOf(window: MessageWindow, subject: string, through: number): LogEntry | undefined {
    const held = window.newestOf(subject, through);
    const last = this.lastValues.get(subject);
    if (last === undefined || last.sequence > through) return held;
    return held !== undefined && held.sequence > last.sequence ? held : last;
  }

  private subjectsOf(set: SubjectSet, window: MessageWindow): Iterable<string> {
    const subjects = new Set(set.literals.map(({ name }) => name));
    if (set.patterns.length === 0) return subjects;
    for (const subject of window.subjects()) if (set.matches(subject)) subjects.add(subject);
    for (const subject of this.lastValues.subjects()) {
      if (set.matches(subject)) subjects.add(subject);
    }
    return subjects;
  }
}

function isTold(window: MessageWindow, subject: WantedSubject): boolean {
  const lost = window.lostOf(subject);
  if (lost === 0) return true;
  return !subject.isPattern && (window.newestOf(subject.name)?.sequence ?? 0) > lost;
}
