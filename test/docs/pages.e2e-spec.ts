import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const DOCS = globSync('docs/*.md').sort();
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...DOCS,
  ...globSync('{examples,deploy,libs}/**/README.md', {
    exclude: (name) => name === 'node_modules',
  }),
];
const MAX_WORDS = 2_500;

const read = (page: string): string => readFileSync(page, 'utf8');
const withoutCode = (text: string): string => text.replace(/^ *```.*?^ *```$/gms, '');

/** The anchor of a heading in the rendered page. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(page: string): Set<string> {
  const headings = withoutCode(read(page)).matchAll(/^#+ (.+)$/gm);
  return new Set([...headings].map(([, heading = '']) => anchorOf(heading)));
}

/** Broken links within the repository. */
function brokenLinks(page: string): string[] {
  const text = withoutCode(read(page));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:href|src|srcset)="([^"]+)"/g)];
  const targets = links.map(([, markdown, html]) => markdown ?? html ?? '');
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(file)) return true;
    return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).has(anchor);
  });
}

it.each(PAGES)('the links of %s are valid', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

it.each(DOCS)('%s begins with its audience and its goal', (page) => {
  const [, opening = ''] = read(page)
    .replace(/<!--.*?-->\n*/gs, '')
    .split(/\n\n/);
  expect(opening.replaceAll('\n', ' ')).toMatch(/^For .+ After this page you /);
});

it.each(DOCS)(`%s has at most ${MAX_WORDS} words`, (page) => {
  const words = read(page).match(/[\p{L}\p{N}_'’.-]*\p{L}[\p{L}\p{N}_'’.-]*/gu) ?? [];
  expect(words.length).toBeLessThanOrEqual(MAX_WORDS);
});

it('docs/README.md links to every page', () => {
  const index = read('docs/README.md');
  const missing = DOCS.map((page) => page.slice('docs/'.length))
    .filter((name) => name !== 'README.md')
    .filter((name) => !index.includes(`(${name})`));
  expect(missing).toEqual([]);
});

it('README.md has at most 100 lines', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(100);
});
