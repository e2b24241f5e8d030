package dev.tandem.cli.migrate;

/**
 * What calls of the old deployment were like.
 *
 * @param failureShare of all calls, 0 to 1
 * @param p99Millis the time that 99 of 100 calls took at most
 */
record Baseline(double failureShare, double p99Millis) {}
