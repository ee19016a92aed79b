import { ServerResponse, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { BodyMemory, MAX_BODY_BYTES } from './body-memory.js';

const MIB = 1024 * 1024;
const response = (): ServerResponse => new ServerResponse(new IncomingMessage(new Socket()));

it('limits the bytes of all requests together, and releases them', () => {
  const bodies = new BodyMemory();
  const [one, two] = [response(), response()];
  const [holdOne, holdTwo] = [bodies.holder(one, 'a'), bodies.holder(two, 'b')];
  for (let i = 0; i < 32; i += 1) {
    holdOne(MIB);
    holdTwo(MIB);
  }
  expect(bodies.bytes).toBe(MAX_BODY_BYTES);
  expect(holdTwo(1)).toMatchObject({ message: 'Too many request bodies in memory' });
  one.emit('close');
  expect(bodies.bytes).toBe(MAX_BODY_BYTES / 2);
  const three = response();
  expect(bodies.holder(three, 'c')(MIB)).toBeUndefined();
  three.emit('close');
  two.emit('close');
  expect(bodies.bytes).toBe(0);
});

it('leaves half of the memory to other clients, and removes clients that hold nothing', () => {
  const bodies = new BodyMemory();
  const [one, two, other] = [response(), response(), response()];
  const [first, second] = [bodies.holder(one, 'a'), bodies.holder(two, 'a')];
  expect(first(MAX_BODY_BYTES / 2 - MIB)).toBeUndefined();
  expect([second(MIB + 1), second(MIB), second(1)].map((error) => error?.message)).toEqual([
    'Too many request bodies in memory',
    undefined,
    'Too many request bodies in memory',
  ]);
  expect(bodies.holder(other, 'b')(MAX_BODY_BYTES / 2)).toBeUndefined();
  for (const each of [one, two, other]) each.emit('close');
  expect(bodies).toEqual(new BodyMemory());
});

it('accepts one body of a client that is larger than its share', () => {
  expect(new BodyMemory().holder(response(), 'a')(MAX_BODY_BYTES)).toBeUndefined();
});
