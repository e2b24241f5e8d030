/** Calls that the callers inside the clusters make, and the ledgers of them. */
@NullMarked
package dev.tandem.e2e.call;

import org.jspecify.annotations.NullMarked;
