/** A client inside a cluster: it makes calls, keeps a ledger of them, and probes addresses. */
@NullMarked
package dev.tandem.caller;

import org.jspecify.annotations.NullMarked;
