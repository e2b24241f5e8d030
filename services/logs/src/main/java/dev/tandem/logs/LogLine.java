package dev.tandem.logs;

import java.time.Instant;

/**
 * One line of a log. What is not known is empty.
 *
 * @param time when it was written, by the clock of whoever wrote it
 * @param severity such as {@code WARN}
 * @param service the program's name for itself
 * @param cluster where it runs
 * @param namespace of the pod
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param logger the part of the program that wrote it
 */
record LogLine(
    Instant time,
    String severity,
    String service,
    String cluster,
    String namespace,
    String pod,
    String container,
    String traceId,
    String spanId,
    String logger,
    String message) {}
