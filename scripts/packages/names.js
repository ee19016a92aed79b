/** The libraries, each after those that it needs. */
export const LIBRARIES = [
  'nats',
  'metrics',
  'auth',
  'health',
  'writing',
  'requests',
  'streaming',
  'publishing',
  'fleet',
  'client',
  'console',
];

/** Where the packages are put together, and their tarballs beside them. */
export const PACKAGES = 'dist/packages';

/** Peers that are not imported: what the libraries run on. */
export const PLATFORM = ['@nestjs/platform-express'];
