/** {@code tandem contracts}: what is published stays as it is, and grows by additions only. */
@NullMarked
package dev.tandem.cli.contracts;

import org.jspecify.annotations.NullMarked;
