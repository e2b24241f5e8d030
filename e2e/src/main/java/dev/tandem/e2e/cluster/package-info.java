/** The running clusters of the topology, what may be done to them, and how it is undone. */
@NullMarked
package dev.tandem.e2e.cluster;

import org.jspecify.annotations.NullMarked;
