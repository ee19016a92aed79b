/** The libraries, each after those that it needs. */
export const LIBRARIES = [
  'nats',
  'metrics',
  'auth',
  'health',
  'writing',
<<<<<<< HEAD
  'streaming',
  'publishing',
=======
  'requests',
  'streaming',
>>>>>>> e12eca1 (feat(requests): asking NATS services over HTTP: one reply as JSON, many as an event stream with progress)
  'fleet',
];

/** Where the packages are put together, and their tarballs beside them. */
export const PACKAGES = 'dist/packages';

/** Peers that are not imported: what the libraries run on. */
export const PLATFORM = ['@nestjs/platform-express'];
