import type { ServerResponse } from 'node:http';
import type { Segment } from '../channel/segment.js';
import { hasForeignWrite, whenSent } from '../session/foreign-write.js';
import { GzipMember } from './gzip-member.js';

const EVENT_STREAM = 'text/event-stream';
type Written = (error?: Error | null) => void;
type Send = (chunk: Buffer, written?: Written) => boolean;

/**
 * Sends the body of an event stream as one gzip member. Nest writes the headers, and with interceptors also
 * the end. Therefore this replaces the response's own methods once the headers of an event stream are
 * written. Other answers, such as errors from interceptors, are not compressed.
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

  /** Encodes a segment for the wire. */
  segment(segment: Segment): Buffer {
    return this.member.segment(segment);
  }

  /** Encodes bytes for this client alone for the wire. */
  own(bytes: Buffer): Buffer {
    return this.member.own(bytes);
  }

  /** Writes the result of `segment` or `own`. */
  write(wire: Buffer): void {
    this.send(wire);
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

/** The arguments of `write` and `end`: a chunk, its encoding and a callback, all optional. */
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
