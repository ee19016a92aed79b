import type { PullReader, PullResult } from '@nuts/nats';

/** Messages and bytes of one pull: what a live message may have to wait for. */
const PULL_MESSAGES = 256;
const PULL_BYTES = 128 * 1024;
/** How long others wait for a server that does not answer a pull, in ms. */
const ANSWER_MS = 100;

/**
 * A replay's next messages.
 *
 * @param late called when the answer takes long: others are not to wait for it
 */
export function pullNext(reader: PullReader, late: () => void): Promise<PullResult> {
  const result = reader.pull(PULL_MESSAGES, PULL_BYTES);
  const timer = setTimeout(late, ANSWER_MS);
  const answered = (): void => clearTimeout(timer);
  // A pull that is ahead may fail after its reader was left; whoever awaits it still sees it.
  result.then(answered, answered);
  return result;
}
