import { streamFacts, type StreamInfoAnswer } from './stream-facts.js';

const answer = (config: Partial<StreamInfoAnswer['config']>): StreamInfoAnswer => ({
  created: '2026-01-01T00:00:00Z',
  config: { name: 'EVENTS', subjects: ['in.>'], ...config },
  state: { messages: 0, bytes: 0, first_seq: 1, last_seq: 0 },
});

describe('stream facts', () => {
  it.each([
    ['subjects of its own', {}, false],
    ['no sources', { sources: [] }, false],
    ['a source', { sources: [{ name: 'OTHER' }] }, true],
    ['a mirror', { subjects: null, mirror: { name: 'OTHER' } }, true],
    ['subjects that it renames', { subject_transform: { src: 'in.>', dest: 'events.>' } }, true],
  ])(
    'tell whether the stream may hold subjects that it does not list: %s',
    (_what, config, expected) => {
      expect(streamFacts(answer(config)).hasSources).toBe(expected);
    },
  );
});
