/** The logs of all clusters: taken from Kafka, kept for a while, found by trace. */
@NullMarked
package dev.tandem.logs;

import org.jspecify.annotations.NullMarked;
