import { OldestKey } from '../bounded/oldest-key.js';
import { PatternLosses, ownText } from './pattern-losses.js';
import type { SubjectSet, WantedSubject } from './subject-set.js';

/** Maximum number of remembered subjects; the oldest ones beyond it are merged into the floor. */
const REMEMBERED_SUBJECTS = 16_384;

/**
 * Records what the window no longer holds: for each subject, the highest sequence that it may have lost. A
 * session needs JetStream only if one of its subjects lost messages after its cursor. A quiet topic is
 * therefore served from memory, however old the cursor is.
 *
 * Subjects without an entry use the floor. An entry below the floor means that a lookup found no messages
 * of the subject between the entry and the floor.
 */
export class ForgottenSubjects {
  private readonly latest = new Map<string, number>();
  private readonly oldest = new OldestKey(this.latest);
  private readonly settledPatterns = new Map<string, { floor: number; last: number }>();
  private readonly oldestPattern = new OldestKey(this.settledPatterns);
  private readonly losses = new PatternLosses((pattern) => this.search(pattern));
  private highest: number;

  /** @param floor every subject may have lost messages up to here */
  constructor(
    private floor: number,
    private readonly remembered = REMEMBERED_SUBJECTS,
  ) {
    this.highest = floor;
  }

  /** Number of subjects with their own entry. */
  get size(): number {
    return this.latest.size;
  }

  /** A message left the window. */
  forget(subject: string, sequence: number): void {
    // Without an entry, an earlier and higher loss may be part of the floor.
    this.remember(subject, Math.max(sequence, this.latest.get(subject) ?? this.floor));
    this.losses.add(subject, sequence);
    if (sequence > this.highest) this.highest = sequence;
  }

  /** Every subject may have lost messages up to here. */
  forgetAll(through: number): void {
    if (through <= this.floor) return;
    this.floor = through;
    this.highest = Math.max(this.highest, through);
    for (const [subject, sequence] of this.latest) {
      if (sequence <= through) this.latest.delete(subject);
    }
  }

  /**
   * A lookup found no messages of this subject after `last`.
   *
   * @param before the result of `of` before the lookup was sent. If the window has lost more of the subject
   *   since then, the lookup is outdated and ignored.
   */
  settle(subject: WantedSubject, last: number, before: number): void {
    const lost = this.of(subject);
    if (last >= lost || lost !== before) return;
    if (subject.isPattern) this.settlePattern(subject, last);
    else this.remember(ownText(subject.name), last);
  }

  /** The highest sequence that this subject, or any subject of this pattern, may have lost. */
  of(subject: WantedSubject): number {
    if (!subject.isPattern) return this.latest.get(subject.name) ?? this.floor;
    return Math.max(this.patternFloor(subject), this.losses.of(subject));
  }

  /** Whether one of the subjects may have lost messages after the cursor. */
  anyAfter(set: SubjectSet, cursor: number): boolean {
    if (cursor >= this.highest) return false;
    return set.all.some((subject) => this.isLostAfter(subject, cursor));
  }

  /**
   * A cheaper `of(subject) > cursor`: checked for every client of a reconnect storm, most of them with a
   * recent cursor.
   */
  private isLostAfter(subject: WantedSubject, cursor: number): boolean {
    if (!subject.isPattern) return this.of(subject) > cursor;
    return this.patternFloor(subject) > cursor || this.losses.of(subject) > cursor;
  }

  private search(pattern: WantedSubject): number {
    let highest = 0;
    for (const [candidate, sequence] of this.latest) {
      if (sequence > highest && pattern.matches(candidate)) highest = sequence;
    }
    return highest;
  }

  /** The floor for a pattern's subjects without an entry. */
  private patternFloor({ name }: WantedSubject): number {
    const settled = this.settledPatterns.get(name);
    return settled !== undefined && settled.floor >= this.floor ? settled.last : this.floor;
  }

  private remember(subject: string, sequence: number): void {
    // Re-inserted at the end: the map is ordered by the time of the loss, oldest first.
    this.latest.delete(subject);
    this.latest.set(subject, sequence);
    if (this.latest.size <= this.remembered) return;
    const oldest = this.oldest.take();
    if (oldest === undefined) return;
    this.floor = Math.max(this.floor, this.latest.get(oldest) ?? 0);
    this.latest.delete(oldest);
  }

  private settlePattern(pattern: WantedSubject, last: number): void {
    // Losses of single subjects after `last` are also deleted from the stream.
    for (const [subject, sequence] of this.latest) {
      if (sequence > last && pattern.matches(subject)) this.latest.set(subject, last);
    }
    this.losses.forget(pattern);
    this.settledPatterns.delete(pattern.name);
    this.settledPatterns.set(ownText(pattern.name), { floor: this.floor, last });
    if (this.settledPatterns.size <= this.remembered) return;
    const oldest = this.oldestPattern.take();
    if (oldest !== undefined) this.settledPatterns.delete(oldest);
  }
}
