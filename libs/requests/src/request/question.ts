import type { Service } from '../service/service.js';

/** What a request asks, and of whom. */
export interface Question {
  readonly service: Service;
  /** Without the prefix. */
  readonly subject: string;
}

// A symbol: no header, body parser or other middleware can set it.
const QUESTION = Symbol('nuts.question');

interface Carrier {
  [QUESTION]?: Question;
}

/** For the middleware, before any guard runs. */
export function setQuestion(request: object, question: Question): void {
  (request as Carrier)[QUESTION] = question;
}

/** Undefined when the middleware did not let the request in. */
export function questionOf(request: object): Question | undefined {
  return (request as Carrier)[QUESTION];
}
