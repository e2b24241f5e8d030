/** Where instances of services say that they are there, and where clients learn of it at once. */
@NullMarked
package dev.tandem.registry;

import org.jspecify.annotations.NullMarked;
