import { PresenceTopics } from './presence-topics.js';
import type { TopicPresence } from './presence.interface.js';
import { Tally } from './tally.js';

/** An open stream, as needed for presence. */
export interface PresentStream {
  readonly topics: readonly string[];
  readonly subject: string | undefined;
}

/** Maximum total size of the subjects in an answer, as JSON. */
const MAX_NAMED_BYTES = 256 * 1024;

/**
 * Counts the streams subscribed to each topic of one or several questions. A stream counts once per topic if
 * one of its topics equals it, or overlaps with it through wildcards on either side.
 */
export class PresenceCount {
  private readonly asked: PresenceTopics;
  private readonly questions: readonly ReadonlyMap<string, Tally>[];
  private readonly tallies = new Map<string, Tally[]>();

  constructor(questions: readonly (readonly string[])[]) {
    this.questions = questions.map((topics) => {
      const room = { bytes: MAX_NAMED_BYTES };
      return new Map(topics.map((topic) => [topic, new Tally(room)]));
    });
    for (const question of this.questions) {
      for (const [topic, tally] of question) {
        const same = this.tallies.get(topic);
        if (same === undefined) this.tallies.set(topic, [tally]);
        else same.push(tally);
      }
    }
    this.asked = new PresenceTopics(this.tallies.keys());
  }

  add({ topics, subject }: PresentStream): void {
    for (const topic of this.asked.of(topics)) {
      for (const tally of this.tallies.get(topic) ?? []) tally.add(subject);
    }
  }

  /** The answer to a question, by its place in the list. */
  answer(question: number): Map<string, TopicPresence> {
    const tallies = this.questions[question] ?? [];
    return new Map([...tallies].map(([topic, tally]) => [topic, tally.result()]));
  }
}
