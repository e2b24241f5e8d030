/** Sends calls at a steady rate and accounts for every one of them. */
@NullMarked
package dev.tandem.caller.load;

import org.jspecify.annotations.NullMarked;
