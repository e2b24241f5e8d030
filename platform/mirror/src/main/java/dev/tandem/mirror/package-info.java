/** Copies of live calls: they leave no trace, and their answers can be compared. */
@NullMarked
package dev.tandem.mirror;

import org.jspecify.annotations.NullMarked;
