import fc from 'fast-check';
import { Empty, type Msg } from 'nats';
import { DeliveryReader } from './delivery.js';

const message = (reply: string): Msg => ({ reply, subject: 's', data: Empty }) as unknown as Msg;

describe('DeliveryReader', () => {
  const time = '1767268800123456789';

  it.each([
    ['version 1', `$JS.ACK.S.C.1.900719925474099.7.${time}.3`],
    ['version 2 without token', `$JS.ACK.hub.AbC.S.C.1.900719925474099.7.${time}.3`],
    ['version 2 with token', `$JS.ACK._.AbC.S.C.1.900719925474099.7.${time}.3.xyz`],
  ])('reads an acknowledgment subject of %s', (_name, reply) => {
    const delivery = new DeliveryReader().read(message(reply));
    expect(delivery).toMatchObject({ sequence: 900719925474099, deliverySequence: 7 });
    expect(delivery?.timeNanos).toBe(BigInt(time));
  });

  it("reads consecutive consumers, also one whose name is a prefix of the other's", () => {
    const reader = new DeliveryReader();
    for (const [consumer, sequence] of [
      ['A', 5],
      ['A', 6],
      ['AB', 7],
      ['A', 8],
    ] as const) {
      const delivery = reader.read(message(`$JS.ACK.S.${consumer}.1.${sequence}.1.9.0`));
      expect(delivery?.sequence).toBe(sequence);
    }
  });

  it.each(['', '_INBOX.abc', '$JS.ACK.S.C.1', '$JS.FC.S.C.1.2.3.4.5', '$JS.ACK.S.C.1.2.3.4.5.6'])(
    'treats a message with the reply %j as a status',
    (reply) => {
      expect(new DeliveryReader().read(message(reply))).toBeUndefined();
    },
  );

  it('never throws or hangs on an unexpected reply', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        const reader = new DeliveryReader();
        reader.read(message('$JS.ACK.S.C.1.2.3.4.5'));
        reader.read(message(`$JS.ACK.S.C.${one}`));
        reader.read(message(`$JS.ACK.${one}.${two}`));
        reader.read(message(one));
      }),
    );
  });
});
