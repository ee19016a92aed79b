import { OldestKey } from '../bounded/oldest-key.js';
import type { WantedSubject } from './subject-set.js';

/** Maximum number of cached patterns; the oldest are removed first. */
const REMEMBERED_PATTERNS = 8192;
/** Losses recorded one by one. A pattern last looked up before them is searched again. */
const REMEMBERED_LOSSES = 2048;

interface Loss {
  readonly subject: string;
  readonly sequence: number;
}

interface Remembered {
  highest: number;
  /** The number of losses included so far. */
  losses: number;
}

/**
 * Caches the highest sequence that any subject of a pattern may have lost, so that only the first lookup
 * visits all subjects. The cached value may be too high after a single subject was settled, but never too
 * low.
 */
export class PatternLosses {
  private readonly patterns = new Map<string, Remembered>();
  private readonly oldest = new OldestKey(this.patterns);
  private readonly recent: Loss[] = [];
  private count = 0;

  /** @param search finds the highest lost sequence of a pattern among all subjects */
  constructor(private readonly search: (pattern: WantedSubject) => number) {}

  /** A subject lost messages up to this sequence. */
  add(subject: string, sequence: number): void {
    if (this.patterns.size === 0) return;
    this.recent[this.count++ % REMEMBERED_LOSSES] = { subject, sequence };
  }

  of(pattern: WantedSubject): number {
    const known = this.patterns.get(pattern.name);
    if (known === undefined || this.count - known.losses > REMEMBERED_LOSSES) {
      return this.searchAnew(pattern);
    }
    for (; known.losses < this.count; known.losses++) {
      const loss = this.recent[known.losses % REMEMBERED_LOSSES];
      if (loss !== undefined && loss.sequence > known.highest && pattern.matches(loss.subject)) {
        known.highest = loss.sequence;
      }
    }
    return known.highest;
  }

  /** The cached value of a pattern is too high. */
  forget({ name }: WantedSubject): void {
    this.patterns.delete(name);
  }

  private searchAnew(pattern: WantedSubject): number {
    const highest = this.search(pattern);
    this.patterns.delete(pattern.name);
    this.patterns.set(ownText(pattern.name), { highest, losses: this.count });
    if (this.patterns.size > REMEMBERED_PATTERNS) {
      const oldest = this.oldest.take();
      if (oldest !== undefined) this.patterns.delete(oldest);
    }
    return highest;
  }
}

/** A name may be a slice of a request's URL and would keep the whole URL in memory. */
export function ownText(name: string): string {
  return Buffer.from(name).toString();
}
