import * as fc from 'fast-check';
import { acceptsGzip } from './accept-encoding.js';

it.each([
  ['gzip', true],
  ['GZIP', true],
  ['x-gzip', true],
  ['gzip, deflate, br, zstd', true],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['*', true],
  ['*;q=0.001', true],
  ['identity;q=0, *', true],
  ['gzip;q=0, *', false],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['*;q=0', false],
  ['identity', false],
  ['deflate, br', false],
  ['', false],
  ['gzip;q=0.5, identity;q=0.8', false],
  ['gzip;q=0.8, identity;q=0.5', true],
  ['gzip;q=nonsense', false],
  ['gzip;q=2', false],
  ['gzipped', false],
  ['gzip ; Q=0.3', true],
])('%j: %s', (header, expected) => {
  expect(acceptsGzip(header)).toBe(expected);
});

it('does not use gzip without the header', () => expect(acceptsGzip(undefined)).toBe(false));

it('never throws', () => {
  fc.assert(fc.property(fc.string(), (header) => typeof acceptsGzip(header) === 'boolean'));
});
