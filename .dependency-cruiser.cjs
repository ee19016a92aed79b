/** Rules of the house: the folders show the data's way, and nothing points backwards. */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'libs-never-import-the-service',
      severity: 'error',
      from: { path: '^libs' },
      to: { path: '^(src|test|bench|examples)' },
    },
    {
      name: 'nats-and-metrics-and-auth-stand-alone',
      severity: 'error',
      from: { path: '^libs/(nats|metrics|auth)/' },
      to: { path: '^libs/', pathNot: '^libs/$1/' },
    },
    {
      name: 'writing-knows-only-auth',
      severity: 'error',
      from: { path: '^libs/writing/' },
      to: { path: '^libs/', pathNot: '^libs/(writing|auth)/' },
    },
    {
      name: 'requests-know-no-hubs',
      severity: 'error',
      from: { path: '^libs/requests/' },
      to: { path: '^libs/', pathNot: '^libs/(requests|auth|metrics|nats|writing)/' },
    },
    {
      name: 'the-client-knows-only-the-contract',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: '\\.(spec|fixture)\\.ts$' },
      to: {
        path: '^(libs|node_modules)/',
        pathNot: '^(libs/client/|node_modules/(@types/)?react/)',
      },
    },
    {
      name: 'nobody-needs-the-client',
      severity: 'error',
      from: { path: '^(libs|src)', pathNot: '^libs/client/' },
      to: { path: '^libs/client/' },
    },
    {
      name: 'the-page-of-the-console-knows-only-the-client',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(libs|src)/', pathNot: '^libs/client/src/index\\.ts$' },
    },
    {
      name: 'libraries-meet-through-their-index',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)', pathNot: '^libs/$1/' },
    },
    {
      name: 'service-uses-libraries-through-their-index',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)' },
    },
    {
      name: 'nobody-imports-their-own-barrel',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/.+', pathNot: '^libs/[^/]+/src/index\\.ts$' },
      to: { path: '^libs/$1/src/index\\.ts$' },
    },
    {
      name: 'only-the-broker-library-knows-the-client',
      severity: 'error',
      from: { path: '^(libs|src)', pathNot: '^libs/nats/' },
      to: { path: 'node_modules/(nats|nats\\.ws)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
