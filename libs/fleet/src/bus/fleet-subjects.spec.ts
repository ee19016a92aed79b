import { FleetOptionsError } from '../fleet.options.js';
import { FleetSubjects } from './fleet-subjects.js';

it('puts all subjects below the configured subject and the name', () => {
  expect(new FleetSubjects({ name: 'shop' }).close).toBe('nuts.fleet.shop.close');
  const subjects = new FleetSubjects({ name: 'a-b_c', subject: 'x' });
  expect(subjects.to('p', 'sync')).toBe('x.a-b_c.to.p.sync');
  expect(subjects.lifecycle('opened')).toBe('x.a-b_c.opened');
  expect(['x.a-b_c.close', '$SRV.PING', 'x.a-b_cd.close'].map((s) => subjects.includes(s))).toEqual(
    [true, true, false],
  );
});

it.each(['', 'a.b', 'a b', '*', '>', 'é', 'x'.repeat(65)])('refuses the name %j', (name) => {
  expect(() => new FleetSubjects({ name })).toThrow(FleetOptionsError);
});

it.each(['', '.a', 'a.', 'a..b', '$JS.x', 'a.*', 'a.>', 'a b', 'x'.repeat(129)])(
  'refuses the subject %j',
  (subject) => {
    expect(() => new FleetSubjects({ name: 'shop', subject })).toThrow(FleetOptionsError);
  },
);
