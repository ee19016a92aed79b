import fc from 'fast-check';
import { corsHeaders, type CorsOptions } from './cors-headers.js';

const cors = (...origins: string[]): CorsOptions => ({
  origins,
  headers: ['Cache-Control', 'Last-Event-ID'],
  methods: ['GET', 'OPTIONS'],
});

describe('corsHeaders', () => {
  it('echoes a listed origin, with credentials', () => {
    expect(corsHeaders(cors('https://a', 'https://b'), 'https://b')).toEqual({
      'Access-Control-Allow-Origin': 'https://b',
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Allow-Methods': 'GET, OPTIONS',
      'Access-Control-Allow-Headers': 'Cache-Control, Last-Event-ID',
      'Access-Control-Expose-Headers': 'Link, Retry-After',
    });
  });

  it('echoes any origin for *, without credentials', () => {
    const headers = corsHeaders(cors('*'), 'https://b');
    expect(headers['Access-Control-Allow-Origin']).toBe('https://b');
    expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
  });

  it('gives nothing to other origins, none, a literal star or a list', () => {
    expect(corsHeaders(cors('https://a'), 'https://A')).toEqual({});
    expect(corsHeaders(cors('*'), undefined)).toEqual({});
    expect(corsHeaders(cors('*'), '*')).toEqual({});
    expect(corsHeaders(cors('*'), 'https://a, https://b')).toEqual({});
    expect(corsHeaders(cors('*'), 'https://a https://b')).toEqual({});
  });

  it('never gives null credentials', () => {
    expect(corsHeaders(cors('null'), 'null')).not.toHaveProperty(
      'Access-Control-Allow-Credentials',
    );
    expect(corsHeaders(cors('*'), 'null')['Access-Control-Allow-Origin']).toBe('null');
  });

  it('never echoes what could end a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (origin) => {
        const echoed = corsHeaders(cors('*'), origin)['Access-Control-Allow-Origin'];
        expect(echoed === undefined || /^[\x21-\x7e]+$/.test(echoed)).toBe(true);
      }),
    );
  });
});
