/** Makes single calls with opaque requests and says what came back and from whom. */
@NullMarked
package dev.tandem.caller.calls;

import org.jspecify.annotations.NullMarked;
