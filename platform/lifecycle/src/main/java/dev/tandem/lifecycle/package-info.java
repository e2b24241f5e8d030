/** How a server starts, says that it is healthy, and goes away without losing a call. */
@NullMarked
package dev.tandem.lifecycle;

import org.jspecify.annotations.NullMarked;
