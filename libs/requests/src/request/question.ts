import type { Service } from '../service/service.js';

/** A request for a service. */
export interface Question {
  readonly service: Service;
  /** Without the prefix. */
  readonly subject: string;
}

// A symbol, so that no header, body parser or other middleware can set it.
const QUESTION = Symbol('nuts.question');

interface Carrier {
  [QUESTION]?: Question;
}

/** For the middleware, before any guard runs. */
export function setQuestion(request: object, question: Question): void {
  (request as Carrier)[QUESTION] = question;
}

/** Undefined if the middleware did not accept the request. */
export function questionOf(request: object): Question | undefined {
  return (request as Carrier)[QUESTION];
}
