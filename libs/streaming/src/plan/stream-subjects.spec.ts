import type { StreamFacts } from '@nuts/nats';
import { SubjectSet } from '../log/subject-set.js';
import { isOutsideStreamSubjects, storesSubject, topicsOutsideStream } from './stream-subjects.js';

const facts = (subjects: string[], hasSources = false) =>
  ({ subjects, hasSources }) as Partial<StreamFacts> as StreamFacts;
const set = (...topics: string[]) => new SubjectSet('', topics);

describe('isOutsideStreamSubjects', () => {
  it.each([
    [['a.>'], ['a.b'], false],
    [['a.>'], ['b'], true],
    [['a.>'], ['a.b', 'b'], true],
    [['a.>', 'b'], ['a.b', 'b'], false],
    [[], ['a'], true],
  ])('a stream of %j has the topics %j: outside is %s', (subjects, topics, isOutside) => {
    expect(isOutsideStreamSubjects(facts(subjects), set(...topics))).toBe(isOutside);
  });

  it('is unknown for a mirror or sourced stream, and without stream info', () => {
    expect(isOutsideStreamSubjects(facts(['a'], true), set('b'))).toBe(false);
    expect(isOutsideStreamSubjects(undefined, set('b'))).toBe(false);
  });
});

it('names the topics outside the stream', () => {
  const of = (known: StreamFacts | undefined) => topicsOutsideStream(known, 'p.', ['a', 'b', 'c']);
  expect(of(facts(['p.b', 'x.>']))).toEqual(['a', 'c']);
  expect(of(undefined)).toEqual(['a', 'b', 'c']);
});

describe('storesSubject', () => {
  const read = (subjects: string[]) => jest.fn(() => Promise.resolve(facts(subjects)));

  it('reads the stream only for a subject that is not known', async () => {
    const reading = read(['b']);
    expect(await storesSubject(facts(['a.>']), 'a.b', reading)).toBe(true);
    expect(reading).not.toHaveBeenCalled();
    expect(await storesSubject(facts(['a.>']), 'b', reading)).toBe(true);
    expect(await storesSubject(facts(['a.>']), 'c', reading)).toBe(false);
    expect(await storesSubject(undefined, 'b', reading)).toBe(true);
    expect(reading).toHaveBeenCalledTimes(3);
  });
});
