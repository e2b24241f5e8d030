/**
 * {@code tandem split}: the archived standard's TrafficSplit as resources that a mesh still reads.
 */
@NullMarked
package dev.tandem.cli.split;

import org.jspecify.annotations.NullMarked;
