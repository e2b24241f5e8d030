/** Breaks something under load, puts it back, and says in figures what callers felt of it. */
@NullMarked
package dev.tandem.e2e.drill;

import org.jspecify.annotations.NullMarked;
