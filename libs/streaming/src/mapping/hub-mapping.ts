import type { StreamMessage } from '@nuts/nats';
import type { EncodableMessage } from '../frames/encodable-message.js';
import { isRemoval, operationIn } from '../frames/key-operation.js';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import { payloadBytes } from '../publish/publish-payload.js';
import { ChangedMessage } from './changed-message.js';
import { MapperResultError } from './mapper-result.error.js';
import type { MappedMessage, MappingHub, MessageMapper } from './message-mapper.interface.js';
import { StoredMappableMessage } from './stored-mappable-message.js';

/** The result of a hub's mapper for a message. */
export type Mapping =
  | { readonly kind: 'message'; readonly message: EncodableMessage }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly error: Error };

const DROPPED: Mapping = { kind: 'dropped' };
const NOTHING = new Uint8Array(0);

/** The mapper of one hub. Fails closed: after any error, the published payload is not sent. */
export class HubMapping {
  private mapper: MessageMapper | undefined;

  constructor(
    readonly hub: MappingHub,
    private readonly format: Pick<FrameFormat, 'keyOperations'>,
  ) {}

  /** Sets the mapper, once all modules are initialized and before the first message is read. */
  use(mapper: MessageMapper): void {
    this.mapper = mapper;
  }

  /** @param topic the message's subject without the hub's prefix */
  apply(message: StreamMessage, topic: string): Mapping {
    try {
      if (this.mapper === undefined) {
        throw new MapperResultError(
          'The mapper is not resolved; initialize the application first.',
        );
      }
      const operation = operationIn(this.format, message);
      const data = isRemoval(operation) ? NOTHING : message.data;
      const seen = new StoredMappableMessage(message, topic, operation, data);
      const result: unknown = this.mapper.map(seen, this.hub);
      if (result === undefined) return DROPPED;
      return { kind: 'message', message: result === seen ? message : changed(message, result) };
    } catch (thrown) {
      return {
        kind: 'failed',
        error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      };
    }
  }
}

function changed(message: StreamMessage, result: unknown): EncodableMessage {
  if (!isObject(result)) {
    throw new MapperResultError(
      `map() returned ${result === null ? 'null' : typeof result}. Return the message, an object with payload or event, or undefined to drop it.`,
    );
  }
  if (typeof result['then'] === 'function') {
    // The promise is not awaited, and an unhandled rejection would end the process.
    void Promise.resolve(result).catch(() => undefined);
    throw new MapperResultError(
      'map() returned a promise. It must be synchronous: load what it needs beforehand, for example in onModuleInit.',
    );
  }
  const { payload, event }: MappedMessage & Record<string, unknown> = result;
  // Not treated as "unchanged": a failed redaction must not send what it should hide.
  if ('payload' in result && payload === undefined) {
    throw new MapperResultError(
      'map() returned an undefined payload. Leave the field out to keep it.',
    );
  }
  if (event !== undefined && typeof event !== 'string') {
    throw new MapperResultError(`map() returned a ${typeof event} as event. Return a string.`);
  }
  const data = 'payload' in result ? payloadBytes(payload) : message.data;
  return new ChangedMessage(message, data, event);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
