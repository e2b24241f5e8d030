/** The {@code tandem} command. */
@NullMarked
package dev.tandem.cli;

import org.jspecify.annotations.NullMarked;
