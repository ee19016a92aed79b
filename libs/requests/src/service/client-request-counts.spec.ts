import { ClientRequestCounts } from './client-request-counts.js';

it('limits the requests of each client, and removes clients without requests', () => {
  const places = new ClientRequestCounts(2);
  expect(['a', 'a', 'a', 'b'].map((client) => places.take(client))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  places.release('a');
  expect([places.take('a'), places.take('a'), places.size]).toEqual([true, false, 2]);
  for (const client of ['a', 'a', 'b']) places.release(client);
  expect(places.size).toBe(0);
});

it('counts nothing without a limit', () => {
  const places = new ClientRequestCounts(undefined);
  expect(places.take('a')).toBe(true);
  expect(places.size).toBe(0);
  places.release('a');
  expect(places.size).toBe(0);
});
