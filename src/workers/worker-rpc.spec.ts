import { WorkerRpc } from './worker-rpc.js';
import type { Question, WorkerAnswers, WorkerMessage } from './worker-messages.js';

type Side = WorkerRpc<WorkerAnswers>;
const probe: Question = { ask: 'probe', hub: undefined, kind: 'ready', query: {}, details: false };
const metrics: Question = { ask: 'metrics' };

/** Two sides connected by a reliable, asynchronous channel. */
function pair(answer: (question: Question) => Promise<unknown>): Side {
  const sides: { one?: Side; other?: Side } = {};
  const deliver = (to: () => Side | undefined) => (message: WorkerMessage) =>
    setImmediate(() => to()?.receive(structuredClone(message)));
  sides.one = new WorkerRpc(
    deliver(() => sides.other),
    () => Promise.resolve(undefined),
  );
  sides.other = new WorkerRpc(
    deliver(() => sides.one),
    answer,
  );
  return sides.one;
}

it('matches answers to requests in any order', async () => {
  const asker = pair(async (question) => {
    if (question.ask === 'probe') await new Promise((resolve) => setTimeout(resolve, 20));
    return question.ask;
  });
  const answers = await Promise.all([asker.ask(probe, 5_000), asker.ask(metrics, 5_000)]);
  expect(answers).toEqual(['probe', 'metrics']);
});

it('has no answer if the other side fails, does not answer, or ends', async () => {
  expect(await pair(() => Promise.reject(new Error('no'))).ask(probe, 5_000)).toBeUndefined();
  const never = (): Promise<never> => new Promise(() => undefined);
  expect(await pair(never).ask(probe, 10)).toBeUndefined();
  const cut = pair(never);
  const answer = cut.ask(probe, 5_000);
  cut.close();
  expect(await answer).toBeUndefined();
});
