/** {@code tandem topology}: what scripts, kind and Helm need to know of the clusters. */
@NullMarked
package dev.tandem.cli.topology;

import org.jspecify.annotations.NullMarked;
