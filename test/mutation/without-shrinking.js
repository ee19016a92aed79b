import * as fc from 'fast-check';

// A counterexample kills a mutant; to search for a smaller one takes longer than Stryker waits.
fc.configureGlobal({ endOnFailure: true });
