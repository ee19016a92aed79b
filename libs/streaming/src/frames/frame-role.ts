/**
 * An `event` moves its client's cursor. An `initial` value of `start=last` has its sequence in the
 * envelope instead of an id, so that a client that misses one of them has no cursor (contract §9).
 */
export type FrameRole = 'event' | 'initial';
