/** How long each published API version lives, and what callers are told about it. */
@NullMarked
package dev.tandem.versioning;

import org.jspecify.annotations.NullMarked;
