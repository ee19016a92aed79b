import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { METRIC_NAMES } from '@nuts/metrics';
import { parse } from 'yaml';
import { seriesIn, unknownValuesIn } from './metric-names.fixture.js';

// A TypeScript program and Kubernetes' schemas are loaded in a process of their own.
jest.setTimeout(30_000);

const read = (path: string): string => readFileSync(join(__dirname, path), 'utf8');
const root = join(__dirname, '..');
const path = [join(root, '.toolchain', 'bin'), process.env.PATH].join(delimiter);

describe('metric names', () => {
  const files = ['grafana/nuts.json', 'prometheus/alerts.yml', 'prometheus/alerts.test.yml'];
  const autoscaler = 'kubernetes/components/autoscaling/horizontalpodautoscaler.yaml';
  it.each([...files, autoscaler, '../docs/operations.md', '../docs/deployment.md'])(
    'in %s exist in the service, with the label values that it sends',
    (file) => {
      const text = read(file).replaceAll('\\"', '"');
      const { all, unknown } = seriesIn(text, file.endsWith('.md'));
      expect(all.length).toBeGreaterThan(0);
      expect(unknown).toEqual([]);
      expect(unknownValuesIn(text)).toEqual([]);
    },
  );

  it('are reported if they are wrong', () => {
    expect(seriesIn('rate(nuts_actve_connections[5m]) nuts_delivery_lag_seconds').unknown).toEqual([
      'nuts_actve_connections',
      'nuts_delivery_lag_seconds',
    ]);
    expect(unknownValuesIn('nuts_write_disconnects_total{site="hearbeat"}')).toHaveLength(1);
    expect(unknownValuesIn('nuts_write_disconnects_total{site=~"mess.*"}')).toHaveLength(0);
  });

  it('are all on the dashboard', () => {
    const shown = seriesIn(read('grafana/nuts.json')).all.map((series) =>
      series.replace(/_(bucket|sum|count)$/, ''),
    );
    expect(METRIC_NAMES.filter((name) => !shown.includes(name))).toEqual([]);
  });
});

describe('alerts', () => {
  const promtool = (...args: string[]): string =>
    execFileSync('promtool', args, {
      cwd: __dirname,
      env: { ...process.env, PATH: path },
      encoding: 'utf8',
    });
  const missing = spawnSync('promtool', ['--version'], {
    env: { ...process.env, PATH: path },
  }).error;
  const withPromtool = missing ? it.skip : it;
  if (missing)
    process.stderr.write(
      'promtool is missing (Debian: apt install prometheus): alert rules are not run\n',
    );

  withPromtool('pass promtool check rules', () => {
    expect(promtool('check', 'rules', 'prometheus/alerts.yml')).toContain('SUCCESS');
  });

  withPromtool('fire and rest as alerts.test.yml says', () => {
    expect(promtool('test', 'rules', 'prometheus/alerts.test.yml')).toContain('SUCCESS');
  });

  it('link to an existing section of the runbook', () => {
    const chapters = [...read('../docs/operations.md').matchAll(/^#+ (.*)$/gm)].map(
      ([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replace(/\s/g, '-'),
    );
    const named = [...read('prometheus/alerts.yml').matchAll(/docs\/operations\.md#(\S+)/g)];
    expect(named.length).toBeGreaterThan(10);
    expect(
      named.map(([, chapter]) => chapter).filter((chapter) => !chapters.includes(chapter ?? '')),
    ).toEqual([]);
  });
});

describe('Kubernetes manifests', () => {
  const check = (folder: string): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [join(__dirname, 'kubernetes/check.js'), folder], {
      encoding: 'utf8',
    });

  it('are valid against the schemas of Kubernetes and of the Prometheus Operator', () => {
    const { stdout, stderr, status } = check(join(__dirname, 'kubernetes'));
    expect(`${String(stderr)}${String(stdout)}`).toContain('6 manifests, 0 mistakes');
    expect(status).toBe(0);
  });

  it('are rejected with a misspelled field or an invalid value', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nuts-manifests-'));
    try {
      const text = read('kubernetes/base/deployment.yaml');
      writeFileSync(join(folder, 'field.yaml'), text.replace('readinessProbe', 'readynessProbe'));
      writeFileSync(join(folder, 'value.yaml'), text.replace('replicas: 2', 'replicas: 2.5'));
      const { stderr, status } = check(folder);
      expect(status).toBe(1);
      expect(String(stderr)).toContain('\'"readynessProbe"\' does not exist');
      expect(String(stderr)).toContain('replicas must be integer');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('allow enough time for the drain', () => {
    const settings = Object.fromEntries(
      read('kubernetes/base/settings.env')
        .split('\n')
        .filter((line) => /^[A-Z]/.test(line))
        .map((line) => line.split('=') as [string, string]),
    );
    const { spec } = (parse(read('kubernetes/base/deployment.yaml')) as Deployment).spec.template;
    const drain = Number(settings.DRAIN_DELAY) + Number(settings.DRAIN_WINDOW) + 2;
    const [container] = spec.containers;
    const preStop = container?.lifecycle.preStop.sleep.seconds ?? NaN;
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(preStop + drain);
    expect(container?.readinessProbe).toMatchObject({
      failureThreshold: 1,
      httpGet: { path: '/readyz?outage=ready' },
    });
  });
});

interface Deployment {
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds: number;
        containers: {
          lifecycle: { preStop: { sleep: { seconds: number } } };
          readinessProbe: unknown;
        }[];
      };
    };
  };
}
