/** Knocks on addresses and says how far it got. */
@NullMarked
package dev.tandem.caller.probe;

import org.jspecify.annotations.NullMarked;
