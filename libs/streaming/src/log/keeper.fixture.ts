import type { StreamFacts } from '@nuts/nats';
import { Subject } from 'rxjs';
import type { ReadLog } from './last-values.keeper.js';
import { LogEntry } from './log-entry.js';
import type { MemoryStream } from './memory-stream.fixture.js';
import { MessageWindow } from './message-window.js';

/** A log whose tail has read the stream up to `at`; its window holds the messages after `floor`. */
export class StubLog implements ReadLog {
  readonly gone$ = new Subject<readonly LogEntry[]>();
  window!: MessageWindow;
  at = 0;
  verified = 0;
  waits = 0;
  onReach: () => void = () => undefined;

  constructor(private readonly stream: MemoryStream) {
    this.read(0);
  }

  read(floor: number, maxMessages = 1000): void {
    this.window = new MessageWindow({ maxMessages, maxBytes: 1e9 }, floor);
    for (const message of this.stream.held) {
      if (message.sequence > floor) this.window.append(new LogEntry(message));
      this.at = message.sequence;
    }
  }
  currentWindow(): MessageWindow {
    return this.window;
  }
  reached(): number {
    return this.at;
  }
  isOurs(subject: string): boolean {
    return subject.startsWith('s.');
  }
  freshFacts(): Promise<StreamFacts> {
    return this.stream.streamFacts('EVENTS');
  }
  reach(): Promise<void> {
    this.waits++;
    this.onReach();
    return Promise.resolve();
  }
  verifyStream(): void {
    this.verified++;
  }
}
