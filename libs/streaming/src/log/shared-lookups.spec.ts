import { FedEngine, settle } from '../session/feed.fixture.js';
import { SharedLookups } from './shared-lookups.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

it('asks once for all who come back to a quiet topic', async () => {
  const engine = new FedEngine(5);
  for (let i = 0; i < 100; i++) engine.stream.store(i === 0 ? 'quiet' : 'a');
  await engine.start();
  const lastMessage = engine.stream.lastMessage.bind(engine.stream);
  let asked = 0;
  engine.stream.lastMessage = (stream, subject) => {
    if (subject === 'quiet') asked++;
    return lastMessage(stream, subject);
  };
  const clients = Array.from({ length: 50 }, () => engine.connect(['quiet'], 1));
  await settle();
  expect(clients.map(({ feed }) => feed.state)).toEqual(clients.map(() => 'live'));
  expect([asked, engine.stream.opened]).toEqual([1, 0]);
  for (const { subscription } of clients) subscription.unsubscribe();
  engine.stop();
});

it('asks again when the last failed, the window lost more, or the stream is another one', async () => {
  const [subject] = new SubjectSet('', ['a']).all;
  if (subject === undefined) throw new Error('no subject');
  let asked = 0;
  const lookups = new SharedLookups(() => (asked++, Promise.reject(new Error('no answer'))));
  const ask = (lost: number): Promise<unknown> => lookups.last({ subject, lost }).catch(() => 0);
  await Promise.all([ask(1), ask(1), ask(2)]);
  expect(asked).toBe(2);
  const failed = ask(1);
  lookups.forget();
  await Promise.all([failed, ask(1), ask(1)]);
  expect(asked).toBe(4);
});

it('shares a lookup of another stream, also after the one of the old stream ended', async () => {
  const [subject] = new SubjectSet('', ['a']).all as [WantedSubject];
  const answers: (() => void)[] = [];
  const lookups = new SharedLookups(
    () => new Promise((resolve) => answers.push(() => resolve(undefined))),
  );
  const old = lookups.last({ subject, lost: 1 });
  lookups.forget();
  const first = lookups.last({ subject, lost: 1 });
  answers[0]?.();
  await old;
  expect(lookups.last({ subject, lost: 1 })).toBe(first);
  expect(answers).toHaveLength(2);
});
