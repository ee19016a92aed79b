import fc from 'fast-check';
import { preview } from './preview.js';
import { pretty } from './pretty.js';
import { visibleText } from './visible-text.js';

it('escapes characters that reverse, hide or break text', () => {
  expect(visibleText('a\u202eb\u0000c\u200bd\ud800e\ufefff')).toBe(
    'a\\u202eb\\u0000c\\u200bd\\ud800e\\ufefff',
  );
  expect(visibleText('é 漢字 🚀 مرحبا\n\t')).toBe('é 漢字 🚀 مرحبا\n\t');
});

it('previews any value within its limit', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(100), (value, limit) => {
      // Escapes of hidden characters are longer than these.
      expect(preview(value, limit).replace(/\\u[0-9a-f]{4}/g, '.').length).toBeLessThanOrEqual(
        limit + 1,
      );
    }),
  );
});

it('accepts values that are nested as deeply as they are long', () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  expect(preview(JSON.parse(deep), 40)).toBe(`${'['.repeat(40)}…`);
  expect(pretty(deep).length).toBeGreaterThan(deep.length);
});

it('formats JSON without changing numbers, keys or strings', () => {
  expect(pretty('{"a":12345678901234567890,"b":[1.0,{}],"a":"x: [y]"}')).toBe(
    [
      '{',
      '  "a": 12345678901234567890,',
      '  "b": [',
      '    1.0,',
      '    {}',
      '  ],',
      '  "a": "x: [y]"',
      '}',
    ].join('\n'),
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(pretty(text).replace(/^\\/, '')) as unknown).toEqual(JSON.parse(text));
    }),
  );
});
