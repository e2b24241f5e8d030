/** Runs the fuzzer, and what it once found. */
@NullMarked
package dev.tandem.fuzz;

import org.jspecify.annotations.NullMarked;
