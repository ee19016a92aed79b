import type { StreamMessage } from '@nuts/nats';
import type { KeyOperation } from '../frames/key-operation.js';
import { firstHeader } from '../frames/message-headers.js';
import type { MappableMessage } from './message-mapper.interface.js';

/** Adapts a stored message to the interface for mappers. */
export class StoredMappableMessage implements MappableMessage {
  private copy: Uint8Array | undefined;

  constructor(
    private readonly message: StreamMessage,
    readonly topic: string,
    readonly operation: KeyOperation | undefined,
    private readonly data: Uint8Array,
  ) {}

  get sequence(): number {
    return this.message.sequence;
  }

  get timeNanos(): bigint {
    return this.message.timeNanos;
  }

  /** A copy: hubs of one stream share the published bytes, and a mapper may modify its argument. */
  get payload(): Uint8Array {
    return (this.copy ??= Uint8Array.from(this.data));
  }

  header(name: string): string | undefined {
    return firstHeader(this.message, name);
  }
}
