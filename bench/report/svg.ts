/** Geometry and colours of all plots. */
export const WIDTH = 720;
export const COLOURS: Readonly<Record<string, string>> = {
  service: '#2f6fde',
  http: '#9aa4b2',
  sse: '#c7ad6b',
  consumer: '#9aa4b2',
  peer: '#c2577b',
};

/** A plot's frame: white background, so that it is readable on dark pages too. */
export function svg(height: number, title: string, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escape(title)}">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(16, 26, title, { weight: 600, size: 15 }),
    ...body,
    '</svg>\n',
  ].join('\n');
}

/** A line of text. */
export function text(
  x: number,
  y: number,
  content: string,
  { anchor = 'start', weight = 400, size = 13, fill = '#1d2530' } = {},
): string {
  const look = `text-anchor="${anchor}" font-weight="${weight}" font-size="${size}" fill="${fill}"`;
  return `<text x="${round(x)}" y="${round(y)}" ${look}>${escape(content)}</text>`;
}

/** One decimal is finer than a pixel, and keeps the files' diffs small. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(content: string): string {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
