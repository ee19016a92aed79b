// `npm run pack:libs`: builds the libraries as packages and packs each into a tarball.
import { report } from './failure.js';
import { buildPackages, packPackages } from './packages/build.js';

try {
  for (const tarball of packPackages(buildPackages())) console.log(tarball);
} catch (error) {
  report(error);
}
