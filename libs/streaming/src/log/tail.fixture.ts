import type { NatsReadError, StreamFacts, StreamMessage } from '@nuts/nats';
import type { Position, ResetReason } from './generation.js';
import type { TailListener } from './tail.js';

/** What a tail tells, and when. */
export class ToldTail implements TailListener {
  position: Position = { sequence: 0, timeNanos: 0n };
  readonly held = new Map<number, bigint>();
  readonly told: string[] = [];
  readonly errors: NatsReadError[] = [];
  refusal: Error | undefined;

  heldTimeAt(sequence: number): bigint | undefined {
    return this.held.get(sequence);
  }
  begin(facts: StreamFacts, startSequence: number): void {
    this.told.push(`begin ${String(startSequence)} of ${String(facts.lastSequence)}`);
    if (this.refusal !== undefined) throw this.refusal;
  }
  message({ sequence, timeNanos }: StreamMessage): void {
    this.told.push(String(sequence));
    this.held.set(sequence, timeNanos);
    this.position = { sequence, timeNanos };
  }
  reset(reason: ResetReason): void {
    this.told.push(reason);
    this.position = { sequence: 0, timeNanos: 0n };
    this.held.clear();
  }
  lost(error: NatsReadError): void {
    this.told.push('lost');
    this.errors.push(error);
  }
}
