/** The caller as a server: the control API, health, and an orderly end. */
@NullMarked
package dev.tandem.caller.control;

import org.jspecify.annotations.NullMarked;
