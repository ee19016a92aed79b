import { FedEngine, settle } from '../session/feed.fixture.js';

it('delivers only its topics if the server reads more than requested', async () => {
  const engine = new FedEngine(5);
  engine.stream.readsWider = true;
  await engine.start();
  const subjects = ['a', 'secret', 'b.c', 'a.b'];
  for (let i = 0; i < 1200; i++) engine.stream.store(subjects[i % 4] ?? '');
  await settle();
  const one = engine.connect(['a'], 2);
  const two = engine.connect(['a.b', 'none'], 2);
  const wild = engine.connect(['b.*'], 2);
  while (![one, two, wild].every(({ feed }) => feed.state === 'live')) await settle();
  for (const subject of subjects) engine.stream.store(subject);
  await settle();
  const stored = Array.from({ length: 1204 }, (_, i) => i + 1).filter((n) => n > 2);
  const of = (subject: string): number[] => stored.filter((n) => subjects[(n - 1) % 4] === subject);
  expect(one.received).toEqual(of('a'));
  expect(two.received).toEqual(of('a.b'));
  expect(wild.received).toEqual(of('b.c'));
  for (const { subscription } of [one, two, wild]) subscription.unsubscribe();
  engine.stop();
});
