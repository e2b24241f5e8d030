/**
 * What surrounds the service in a cluster, for {@code quarkus:dev} on a laptop. Its beans exist in
 * dev mode only, and the database's files are never packaged.
 */
@NullMarked
package dev.tandem.payment.laptop;

import org.jspecify.annotations.NullMarked;
