import type { StreamFacts } from '@nuts/nats';
import { streamHolds } from '../topics/subject-pattern.js';

/**
 * Detects that a stream's subjects were edited so that none of them matches a hub's prefix any more. A
 * prefix that never matched is a different error: it is permanent, so its requests get a permanent refusal.
 */
export class EditedSubjects {
  private seen: StreamFacts | undefined;
  private hasMatched = false;
  private matches = true;

  /** @param onEdited called at each change from matching to not matching */
  constructor(
    private readonly topicPrefix: string,
    private readonly onEdited: (facts: StreamFacts) => void,
  ) {}

  /** Whether the stream matched the hub's prefix before and does not now. */
  excludeHub(facts: StreamFacts | undefined): boolean {
    if (facts !== undefined && facts !== this.seen) this.compare(facts);
    return this.hasMatched && !this.matches;
  }

  private compare(facts: StreamFacts): void {
    this.seen = facts;
    const matched = this.matches;
    this.matches = facts.hasSources || streamHolds(facts.subjects, `${this.topicPrefix}>`);
    this.hasMatched ||= this.matches;
    if (this.hasMatched && matched && !this.matches) this.onEdited(facts);
  }
}
