/** Clients of the published contracts against the services as they are built. */
@NullMarked
package dev.tandem.compatibility;

import org.jspecify.annotations.NullMarked;
