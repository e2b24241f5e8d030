/** What calls carry to say who makes them. */
@NullMarked
package dev.tandem.caller.token;

import org.jspecify.annotations.NullMarked;
