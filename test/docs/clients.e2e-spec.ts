import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, startStream } from '../contract/contract-app.js';
import { disposeAtEnd } from '../support/disposal.js';

const page = readFileSync('docs/clients.md', 'utf8');
const run = promisify(execFile);

/** The first code block of a language on the page. */
function snippet(language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? '';
}

function has(program: string, argument: string): boolean {
  return spawnSync(program, [argument]).status === 0;
}

const GO_MAIN = `
func main() {
	ctx, cancel := context.WithCancel(context.Background())
	_ = follow(ctx, os.Args[1], "1", func(id, data string) {
		fmt.Println(id, strings.Contains(data, "\\"n\\":2"))
		cancel()
	})
}
`;

describe('the clients of docs/clients.md follow a hub from a cursor', () => {
  let url: URL;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'nuts-clients-'));
    disposeAtEnd(() => rmSync(home, { recursive: true, force: true }));
    const stream = await startStream();
    for (const n of [1, 2]) await stream.publish('orders.new', JSON.stringify({ n }));
    url = new URL((await startApp(stream)).url);
  });

  (has('python3', '--version') ? it : it.skip)('in Python', async () => {
    const program = `${snippet('python')}
for id, payload in follow(${JSON.stringify(url.host)}, "orders.new", "1"):
    print(id, payload["n"])
    break
`;
    expect((await run('python3', ['-c', program])).stdout).toBe('2 2\n');
  });

  (has('go', 'version') ? it : it.skip)(
    'in Go',
    async () => {
      const imports = ['bufio', 'context', 'fmt', 'net/http', 'os', 'strings'];
      const head = `package main\n\nimport (\n${imports.map((name) => `\t"${name}"\n`).join('')})\n\n`;
      const file = join(home, 'main.go');
      writeFileSync(file, head + snippet('go') + GO_MAIN);
      const address = `${url.origin}/events?topic=orders.new`;
      const { stdout } = await run('go', ['run', file, address]);
      expect(stdout).toBe('2 true\n');
    },
    120_000,
  );
});
