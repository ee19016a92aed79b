import type { StreamMessage } from '@nuts/nats';
import { firstHeader } from './message-headers.js';

/** `00-<trace id>-<parent id>-<flags>`; other versions may continue after the flags. */
const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether a text is a `traceparent` according to the W3C recommendation "Trace Context". */
export function isTraceParent(text: string): boolean {
  return TRACE_PARENT.test(text);
}

/** The trace context of a message; undefined without a valid one. */
export function traceParentOf(message: StreamMessage): string | undefined {
  // NATS header names are case-sensitive, and libraries that follow HTTP capitalise them.
  const text = firstHeader(message, 'traceparent') ?? firstHeader(message, 'Traceparent');
  return text !== undefined && isTraceParent(text) ? text : undefined;
}
