/** The caller as a command for people and for <code>helm test</code>. */
@NullMarked
package dev.tandem.caller.command;

import org.jspecify.annotations.NullMarked;
