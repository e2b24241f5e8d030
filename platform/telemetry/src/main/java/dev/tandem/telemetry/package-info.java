/** Traces, metrics and logs of gRPC calls, in OpenTelemetry's terms. */
@NullMarked
package dev.tandem.telemetry;

import org.jspecify.annotations.NullMarked;
