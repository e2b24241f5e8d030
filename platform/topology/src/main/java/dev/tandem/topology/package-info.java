/** The platform's clusters, as {@code clusters/topology.yaml} declares them. */
@NullMarked
package dev.tandem.topology;

import org.jspecify.annotations.NullMarked;
