import type { ServerResponse } from 'node:http';
import type { Segment } from '../channel/segment.js';
import { hasForeignWrite, whenSent } from '../session/foreign-write.js';
import { GzipMember } from './gzip-member.js';

const EVENT_STREAM = 'text/event-stream';
type Written = (error?: Error | null) => void;
type Send = (chunk: Buffer, written?: Written) => boolean;

/**
 * Sends an event stream's body as one gzip member. Nest writes the headers and the first event, and
 * where an interceptor is around the route also the end: so the response's own methods are taken
 * over, as soon as headers of an event stream are written. Any other answer (an interceptor that
 * throws) goes as it is.
 */
export class GzipResponse {
  private readonly member = new GzipMember();
  private isEnded = false;
  private readonly send: Send;

  constructor(private readonly response: ServerResponse) {
    const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
    const write = response.write.bind(response) as Send;
    this.send = hasForeignWrite(response) ? sendThrough(response, write) : write;
    response.writeHead = (...head: unknown[]): ServerResponse => {
      if (isEventStream(head.at(-1), response)) {
        response.setHeader('Content-Encoding', 'gzip');
        this.takeOver();
      }
      return writeHead(...head);
    };
  }

  /** A segment's bytes as they go over the wire. */
  segment(segment: Segment): Buffer {
    return this.member.segment(segment);
  }

  /** Bytes for this client alone as they go over the wire. */
  own(bytes: Buffer): Buffer {
    return this.member.own(bytes);
  }

  /** Writes what `segment` or `own` returned. */
  write(wire: Buffer, written: Written): void {
    this.send(wire, written);
  }

  private takeOver(): void {
    const { response } = this;
    const end = response.end.bind(response) as (written?: () => void) => ServerResponse;
    response.write = (...given: unknown[]): boolean => {
      const { bytes, written } = chunkOf(given);
      if (bytes.length > 0) return this.send(this.member.own(bytes), written);
      if (written !== undefined) process.nextTick(written);
      return true;
    };
    response.end = (...given: unknown[]): ServerResponse => {
      const { bytes, written } = chunkOf(given);
      if (!this.isEnded && !response.destroyed && !response.writableEnded) {
        this.isEnded = true;
        if (bytes.length > 0) this.send(this.member.own(bytes));
        this.send(this.member.end());
      }
      return end(written);
    };
  }
}

function sendThrough(response: ServerResponse, write: (chunk: Buffer) => boolean): Send {
  return (chunk, written) => {
    const hasRoom = write(chunk);
    if (written !== undefined) whenSent(response, written);
    return hasRoom;
  };
}

function isEventStream(head: unknown, response: ServerResponse): boolean {
  const headers: unknown[] = typeof head === 'object' && head !== null ? Object.entries(head) : [];
  const given = (headers as [string, unknown][]).find(
    ([name]) => name.toLowerCase() === 'content-type',
  );
  const type = given?.[1] ?? response.getHeader('content-type');
  return typeof type === 'string' && type.startsWith(EVENT_STREAM);
}

/** The arguments of `write` and `end`: a chunk, its encoding and a callback, each may be missing. */
function chunkOf(given: readonly unknown[]): { bytes: Buffer; written?: () => void } {
  const [chunk, encoding] = given;
  const written = given.find((each): each is () => void => typeof each === 'function');
  let bytes: Buffer = Buffer.alloc(0);
  if (typeof chunk === 'string') {
    bytes = Buffer.from(
      chunk,
      typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8',
    );
  } else if (chunk instanceof Uint8Array) {
    bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  return written === undefined ? { bytes } : { bytes, written };
}
