const STEP_MS = 100;

/** A value that wanders around a middle, as measured ones do. */
function wandering(middle, step) {
  let value = middle;
  return () => {
    value += (Math.random() - 0.5) * step + (middle - value) * 0.05;
    return Number(value.toFixed(2));
  };
}

const hall = wandering(21, 0.6);
const roof = wandering(8, 1.2);
const load = wandering(0.4, 0.1);
const GOODS = ['walnut', 'hazelnut', 'almond', 'pecan'];
let order = 4200;

function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/** Topics, how many messages a second each has, and what is in them. */
const TOPICS = {
  'orders.new': [3, () => ({ order: ++order, item: pick(GOODS), grams: 50 * (1 + (order % 9)) })],
  'orders.paid': [2, () => ({ order: order - 3, total: Number((Math.random() * 80).toFixed(2)) })],
  'orders.shipped': [0.7, () => ({ order: order - 9, carrier: pick(['bike', 'van', 'post']) })],
  'sensors.hall': [5, () => ({ temperature: hall(), humidity: Math.round(40 + 2 * hall()) })],
  'sensors.roof': [2, () => ({ temperature: roof(), wind: Math.abs(roof()) })],
  'servers.eu-1.load': [1, () => ({ load: Math.max(0, load()), cores: 8 })],
  'notes.shift': [0.1, () => 'Shift change at gate 4'],
};

/** Publishes what an application might, until the returned function is called. */
export function startDemoFeed(connection, prefix) {
  const timer = setInterval(() => {
    for (const [topic, [perSecond, make]] of Object.entries(TOPICS)) {
      if (Math.random() * 1_000 > perSecond * STEP_MS) continue;
      connection.publish(prefix + topic, JSON.stringify(make()));
    }
  }, STEP_MS);
  return () => clearInterval(timer);
}
