import { setImmediate } from 'node:timers/promises';
import { PresenceCount, type PresentStream } from './count-presence.js';
import type { TopicPresence } from './presence.interface.js';

/** Time that a count may take in one turn of the event loop, in ms: live messages wait for it. */
const SLICE_MS = 2;
/** Topics of the questions that are answered by one count, unless a single question has more. */
const TOPICS_PER_COUNT = 256;

interface Question {
  readonly topics: readonly string[];
  answer(found: Map<string, TopicPresence>): void;
}

/**
 * Answers the presence questions of one hub. Counting reads every stream, so it is spread over turns of the
 * event loop, and questions that arrive during a count are answered together by the next one: a client that
 * asks all the time delays neither messages nor, much, the answers to others.
 */
export class PresenceCounter {
  private readonly waiting: Question[] = [];
  private isCounting = false;

  /** @param streams the open streams; may change during a count */
  constructor(private readonly streams: () => Iterable<PresentStream>) {}

  count(topics: readonly string[]): Promise<Map<string, TopicPresence>> {
    return new Promise((answer) => {
      this.waiting.push({ topics, answer });
      if (!this.isCounting) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isCounting = true;
    let startedAt = performance.now();
    const pause = async (): Promise<void> => {
      await setImmediate();
      startedAt = performance.now();
    };
    while (this.waiting.length > 0) {
      const questions = this.next();
      const count = new PresenceCount(questions.map(({ topics }) => topics));
      for (const stream of this.streams()) {
        count.add(stream);
        if (performance.now() - startedAt > SLICE_MS) await pause();
      }
      for (const [index, question] of questions.entries()) {
        question.answer(count.answer(index));
        if (performance.now() - startedAt > SLICE_MS) await pause();
      }
    }
    this.isCounting = false;
  }

  private next(): Question[] {
    let topics = 0;
    const end = this.waiting.findIndex(
      (question) => (topics += question.topics.length) > TOPICS_PER_COUNT,
    );
    return this.waiting.splice(0, end < 0 ? this.waiting.length : Math.max(1, end));
  }
}
