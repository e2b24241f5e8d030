/**
 * How many calls each caller may make, counted in token buckets, alone or together with replicas.
 */
@NullMarked
package dev.tandem.ratelimit;

import org.jspecify.annotations.NullMarked;
