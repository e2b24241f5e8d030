/** Who calls, by a signed token, and whether they may. */
@NullMarked
package dev.tandem.auth;

import org.jspecify.annotations.NullMarked;
