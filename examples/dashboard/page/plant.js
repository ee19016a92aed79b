// The page only uses `EventSource`, which resumes automatically.

export function watchNewest(hub, changed, EventSourceClass = globalThis.EventSource) {
  const newest = new Map();
  // Without a `start` of its own it begins with the hub's: the newest message of each topic.
  return watch(`${hub}?topic=*.temperature`, EventSourceClass, {
    begin: () => newest.clear(),
    reading: (reading) => newest.set(reading.topic, reading),
    changed: (isComplete) => changed(newest, isComplete),
  });
}

export function watchPast(
  hub,
  topic,
  duration,
  changed,
  EventSourceClass = globalThis.EventSource,
) {
  const readings = [];
  return watch(`${hub}?topic=${topic}&start=${duration}`, EventSourceClass, {
    begin: () => readings.splice(0),
    reading: (reading) => readings.push(reading),
    changed: (isComplete) => changed(readings, isComplete),
  });
}

function watch(url, EventSourceClass, state) {
  let isComplete = false;
  const source = new EventSourceClass(url);
  source.addEventListener('connected', ({ data }) => {
    // `resumed` goes on where it was; everything else begins anew.
    if (JSON.parse(data).recovery === 'resumed') return;
    isComplete = false;
    state.begin();
  });
  source.addEventListener('message', ({ data }) => {
    const { topic, payload, time } = JSON.parse(data);
    state.reading({ topic, celsius: payload.celsius, time: new Date(time) });
    // There is nothing to draw before the state is complete.
    if (isComplete) state.changed(true);
  });
  source.addEventListener('live', () => {
    isComplete = true;
    state.changed(true);
  });
  return () => source.close();
}
