import { PatternLosses, ownText } from './pattern-losses.js';
import type { SubjectSet, WantedSubject } from './subject-set.js';

/** Subjects remembered at most; beyond, the oldest are folded into the floor. */
const REMEMBERED_SUBJECTS = 16_384;

/**
 * What the window no longer holds: for each subject the highest sequence that it may have lost.
 * A session needs JetStream only if one of its subjects lost something after its cursor, so a quiet
 * topic is served from memory however old the cursor is.
 *
 * A subject without an entry has the floor. An entry may lie below the floor: then somebody looked
 * the subject up in the stream and found nothing between the entry and the floor.
 */
export class ForgottenSubjects {
  private readonly latest = new Map<string, number>();
  private readonly settledPatterns = new Map<string, { floor: number; last: number }>();
  private readonly losses = new PatternLosses((pattern) => this.search(pattern));
  private highest: number;

  /** @param floor everything up to here may be lost, for every subject */
  constructor(
    private floor: number,
    private readonly remembered = REMEMBERED_SUBJECTS,
  ) {
    this.highest = floor;
  }

  /** Number of subjects remembered one by one. */
  get size(): number {
    return this.latest.size;
  }

  /** A message left the window. */
  forget(subject: string, sequence: number): void {
    this.remember(subject, Math.max(sequence, this.latest.get(subject) ?? 0));
    this.losses.add(subject, sequence);
    if (sequence > this.highest) this.highest = sequence;
  }

  /** Everything up to here may be lost, of every subject. */
  forgetAll(through: number): void {
    if (through <= this.floor) return;
    this.floor = through;
    this.highest = Math.max(this.highest, through);
    for (const [subject, sequence] of this.latest) {
      if (sequence <= through) this.latest.delete(subject);
    }
  }

  /**
   * The stream was asked: of this subject it holds nothing after `last`.
   *
   * @param before what `of` returned before the question was sent; when the window lost more of the
   * subject meanwhile, the answer is out of date and is dropped.
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

  /** Whether one of the subjects may have lost something after the cursor. */
  anyAfter(set: SubjectSet, cursor: number): boolean {
    if (cursor >= this.highest) return false;
    return set.all.some((subject) => this.isLostAfter(subject, cursor));
  }

  /** `of(subject) > cursor`, at less cost: asked for each client of a storm, and most are far along. */
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

  /** What a pattern may have lost of subjects that have no entry. */
  private patternFloor({ name }: WantedSubject): number {
    const settled = this.settledPatterns.get(name);
    return settled !== undefined && settled.floor >= this.floor ? settled.last : this.floor;
  }

  private remember(subject: string, sequence: number): void {
    // Re-inserted at the end: the map's order is the order of forgetting, so the oldest come first.
    this.latest.delete(subject);
    this.latest.set(subject, sequence);
    if (this.latest.size <= this.remembered) return;
    for (const [oldest, forgotten] of this.latest) {
      this.latest.delete(oldest);
      if (forgotten > this.floor) this.floor = forgotten;
      return;
    }
  }

  private settlePattern(pattern: WantedSubject, last: number): void {
    // What single subjects lost after `last` is gone from the stream as well.
    for (const [subject, sequence] of this.latest) {
      if (sequence > last && pattern.matches(subject)) this.latest.set(subject, last);
    }
    this.losses.forget(pattern);
    this.settledPatterns.delete(pattern.name);
    this.settledPatterns.set(ownText(pattern.name), { floor: this.floor, last });
    if (this.settledPatterns.size <= this.remembered) return;
    for (const oldest of this.settledPatterns.keys()) {
      this.settledPatterns.delete(oldest);
      return;
    }
  }
}
