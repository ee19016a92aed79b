import fc from 'fast-check';
import { type Block, BlockReader } from './block.js';

function read(...parts: string[]): Block[] {
  const blocks: Block[] = [];
  const reader = new BlockReader((block) => blocks.push(block));
  for (const part of parts) reader.feed(part);
  return blocks;
}

const TEXT = [
  '\n: heartbeat\nid: 7\n\n',
  'retry: 4000\nevent: connected\ndata: {"a":1}\nid: 3\n\n',
  'data: one\r\ndata: two\r\n\r\n',
  'event: cut\ndata: never\n',
].join('');

const BLOCKS = [
  { comment: 'heartbeat', id: '7', event: undefined, data: '' },
  { retryMs: 4000, event: 'connected', data: '{"a":1}', id: '3' },
  { event: 'message', data: 'one\ntwo' },
];

it('reads complete blocks only', () => {
  expect(read(TEXT)).toMatchObject(BLOCKS);
});

it('reads the same blocks however the text is split', () => {
  const text = TEXT.replaceAll('\r', '');
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      const parts = at.slice(1).map((end, index) => text.slice(at[index], end));
      expect(read(...parts)).toMatchObject(BLOCKS);
    }),
  );
});
