import type { LastValues } from './last-values.js';
import type { LogEntry } from './log-entry.js';
import type { MessageWindow } from './message-window.js';
import type { SubjectSet, WantedSubject } from './subject-set.js';

/** The newest messages of a set's subjects. */
export interface NewestOfSet {
  /** In stream order. */
  readonly entries: readonly LogEntry[];
  /** The message of a subject up to the position is missing: memory lost it to a newer one after the position. */
  readonly hasReplaced: boolean;
}

/** Lists of wildcard sets to keep, for the parts of one client or of many clients at one position. */
const KEPT_LISTS = 8;
/** Longest lifetime of a list, in ms: a message that has left the window can be deleted without notice. */
const KEPT_MS = 1000;

/** The newest messages of a wildcard set up to a position. To find them visits every subject in memory. */
interface KeptList extends NewestOfSet {
  readonly set: SubjectSet;
  readonly through: number;
  readonly window: MessageWindow;
  readonly removals: number;
}

/** The newest message of each subject, if memory can prove it, in the window or beyond. */
export class NewestMessages {
  private lists: KeptList[] = [];
  private expiry: NodeJS.Timeout | undefined;

  /** @param removals changes when the stream removes a message that memory holds */
  constructor(
    private readonly window: () => MessageWindow,
    private readonly lastValues: LastValues,
    private readonly removals: () => number,
  ) {}

  /** Whether memory knows the newest message of every subject in the set. */
  isCompleteFor(set: SubjectSet): boolean {
    this.lastValues.expire();
    const window = this.window();
    return set.all.every(
      (subject) => isTold(window, subject) || this.lastValues.isCompleteFor(subject),
    );
  }

  /**
   * The newest message of each subject after a cursor and up to a position. Complete only if `isCompleteFor`
   * returned true.
   */
  of(set: SubjectSet, cursor: number, through: number): NewestOfSet {
    const window = this.window();
    if (set.patterns.length === 0) return this.find(set, window, cursor, through);
    const { entries, hasReplaced } = this.listOf(set, window, through);
    const rest = entries.slice(indexAfter(entries, cursor));
    // The others were superseded, or left the stream.
    const held = rest.filter(({ isGone }) => !isGone);
    return { entries: held, hasReplaced: hasReplaced || held.length < rest.length };
  }

  private listOf(set: SubjectSet, window: MessageWindow, through: number): KeptList {
    const removals = this.removals();
    const index = this.lists.findIndex((list) => list.set === set && list.through === through);
    const known = this.lists[index];
    if (known !== undefined) {
      if (known.window === window && known.removals === removals) return known;
      this.lists.splice(index, 1);
    }
    const found = this.find(set, window, 0, through);
    const list = { ...found, set, through, window, removals };
    this.lists.push(list);
    if (this.lists.length > KEPT_LISTS) this.lists.shift();
    this.expiry ??= setTimeout(() => this.clear(), KEPT_MS).unref();
    return list;
  }

  /** Releases the messages of all lists, which may have left the window. */
  private clear(): void {
    this.expiry = undefined;
    this.lists = [];
  }

  private find(
    set: SubjectSet,
    window: MessageWindow,
    cursor: number,
    through: number,
  ): NewestOfSet {
    const entries: LogEntry[] = [];
    let hasReplaced = false;
    for (const subject of this.subjectsOf(set, window)) {
      const entry = this.newestOf(window, subject, through);
      if (entry === undefined)
        hasReplaced ||= this.newestOf(window, subject, Infinity) !== undefined;
      else if (entry.sequence > cursor) entries.push(entry);
    }
    entries.sort((a, b) => a.sequence - b.sequence);
    return { entries, hasReplaced };
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
    const matches = set.matcher();
    for (const subject of window.subjects()) if (matches(subject)) subjects.add(subject);
    for (const subject of this.lastValues.subjects()) if (matches(subject)) subjects.add(subject);
    return subjects;
  }
}

function isTold(window: MessageWindow, subject: WantedSubject): boolean {
  const lost = window.lostOf(subject);
  if (lost === 0) return true;
  return !subject.isPattern && (window.newestOf(subject.name)?.sequence ?? 0) > lost;
}

/** The index of the first entry after a cursor; the entries are in stream order. */
function indexAfter(entries: readonly LogEntry[], cursor: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as LogEntry).sequence <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}
