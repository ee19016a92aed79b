import type { ReplyProgress } from './reply.interface.js';

const PROGRESS = /^(\d{1,15})\/(\d{1,15})$/;
const TOTAL = /^\d{1,15}$/;

/** Parses `Nuts-Progress: 3/40`; undefined if invalid. */
export function parseProgress(text: string | undefined): ReplyProgress | undefined {
  const [, done, total] = PROGRESS.exec(text ?? '') ?? [];
  return done === undefined ? undefined : { done: Number(done), total: Number(total) };
}

/** Parses `Nuts-Total: 40`; undefined if invalid. */
export function parseTotal(text: string | undefined): number | undefined {
  return text !== undefined && TOTAL.test(text) ? Number(text) : undefined;
}
