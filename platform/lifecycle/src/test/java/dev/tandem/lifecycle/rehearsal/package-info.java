/** A small application that is told over its standard input when its calls may end. */
@NullMarked
package dev.tandem.lifecycle.rehearsal;

import org.jspecify.annotations.NullMarked;
