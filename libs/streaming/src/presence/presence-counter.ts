import { setImmediate } from 'node:timers/promises';
import { PresenceCount, type PresentStream } from './count-presence.js';
import type { TopicPresence } from './presence.interface.js';

/** Time that a count may take in one turn of the event loop, in ms: live messages wait for it. */
const SLICE_MS = 2;
/** Streams counted between two looks at the clock. */
const STREAMS_A_LOOK = 8;
/** Questions answered by one count. */
const QUESTIONS_A_COUNT = 32;

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
    while (this.waiting.length > 0) {
      const questions = this.waiting.splice(0, QUESTIONS_A_COUNT);
      const count = new PresenceCount(questions.map(({ topics }) => topics));
      let startedAt = performance.now();
      let uncheckedStreams = 0;
      const pause = async (): Promise<void> => {
        await setImmediate();
        startedAt = performance.now();
      };
      for (const stream of this.streams()) {
        count.add(stream);
        uncheckedStreams = (uncheckedStreams + 1) % STREAMS_A_LOOK;
        if (uncheckedStreams === 0 && performance.now() - startedAt > SLICE_MS) await pause();
      }
      for (const [index, question] of questions.entries()) {
        question.answer(count.answer(index));
        if (performance.now() - startedAt > SLICE_MS) await pause();
      }
    }
    this.isCounting = false;
  }
}
