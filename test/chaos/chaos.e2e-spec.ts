import { Random } from './random.js';
import { runChaos, type ChaosReport } from './chaos-run.js';

describe('random faults, short run', () => {
  let report: ChaosReport;
  beforeAll(async () => {
    const random = Random.ofRun('chaos');
    report = await runChaos({
      random,
      faults: 15,
      deliveries: 20_000,
      perSecond: 600,
      clients: 12,
      visitors: 10,
    });
  }, 120_000);

  it('loses nothing, duplicates nothing, and keeps the order', () => {
    expect(report.problems).toEqual([]);
    expect(report.resets).toBe(0);
  });

  it('leaves nothing behind', () => {
    expect(report.consumersLeft).toBe(1);
    expect(Object.values(report.gauges)).toEqual([0, 0, 0]);
    expect(report.after.sockets).toBeLessThanOrEqual(report.before.sockets);
    expect(report.warnings).toEqual([]);
  });

  afterAll(() => process.stdout.write(`${JSON.stringify(report, null, 1)}\n`));
});
