/**
 * Deadlines that shrink along a chain of calls, retries of idempotent methods under a budget, and
 * circuit breakers: what a caller does so that one sick service does not make others sick.
 */
@NullMarked
package dev.tandem.resilience;

import org.jspecify.annotations.NullMarked;
