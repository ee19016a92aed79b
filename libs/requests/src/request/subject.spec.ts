import fc from 'fast-check';
import { isReserved, isSubject, subjectOfPath } from './subject.js';

it.each([
  ['/reports/monthly', 'reports.monthly'],
  ['/reports.monthly', 'reports.monthly'],
  ['/a/', 'a'],
  ['/a%2Eb', 'a.b'],
])('the path %s requests %s', (path, subject) => {
  expect(subjectOfPath(path)).toBe(subject);
  expect(isSubject(subject)).toBe(true);
});

it.each(['', '/', '//'])('the path %j requests nothing', (path) => {
  expect(subjectOfPath(path)).toBeUndefined();
});

it('a subject from any path has no wildcard, no empty token and no control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      for (const path of [
        `/${text}`,
        `/${encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))}`,
      ]) {
        const subject = subjectOfPath(path);
        if (subject === undefined || !isSubject(subject)) continue;
        expect(subject).toMatch(/^[\w-]+(\.[\w-]+)*$/);
        expect(isReserved(`services.${subject}`)).toBe(false);
      }
    }),
  );
});

it.each([
  ['$JS.API.INFO', undefined, true],
  ['_INBOX.abc', undefined, true],
  ['_INBOX', undefined, true],
  ['_INBOXES.abc', undefined, false],
  ['replies.abc', 'replies', true],
  ['_INBOX.abc', 'replies', true],
  ['services.a', 'replies', false],
])('%s with the inbox %s is reserved: %s', (subject, inbox, expected) => {
  expect(isReserved(subject, inbox)).toBe(expected);
});
