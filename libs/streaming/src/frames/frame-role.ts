/**
 * An `event` moves its client's cursor. An `initial` value of `start=last` has its sequence in the envelope
 * instead of an ID: a client that has not received all of them has no cursor (contract §9).
 */
export type FrameRole = 'event' | 'initial';
