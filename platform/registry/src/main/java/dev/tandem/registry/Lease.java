package dev.tandem.registry;

import java.time.Duration;

/**
 * What keeps keys in the registry for as long as it is renewed.
 *
 * @param id the server's name of it
 * @param renewal after which it is renewed
 */
record Lease(String id, Duration renewal) {}
