import { ServerResponse, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { HeldBodies, MAX_HELD_BYTES } from './held-bodies.js';

const MIB = 1024 * 1024;
const response = (): ServerResponse => new ServerResponse(new IncomingMessage(new Socket()));

it('bounds the bytes of all requests together, and gives them back', () => {
  const bodies = new HeldBodies();
  const [one, two] = [response(), response()];
  const [holdOne, holdTwo] = [bodies.holder(one), bodies.holder(two)];
  for (let i = 0; i < 32; i += 1) {
    holdOne(MIB);
    holdTwo(MIB);
  }
  expect(bodies.bytes).toBe(MAX_HELD_BYTES);
  expect(holdTwo(1)).toMatchObject({ message: 'Too many messages at once' });
  one.emit('close');
  expect(bodies.bytes).toBe(MAX_HELD_BYTES / 2);
  expect(holdTwo(MIB)).toBeUndefined();
  two.emit('close');
  expect(bodies.bytes).toBe(0);
});
