/** What the telemetry stack of the clusters knows. */
@NullMarked
package dev.tandem.e2e.telemetry;

import org.jspecify.annotations.NullMarked;
