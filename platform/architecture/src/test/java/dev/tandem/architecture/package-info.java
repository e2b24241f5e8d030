/** Which module may use which. */
@NullMarked
package dev.tandem.architecture;

import org.jspecify.annotations.NullMarked;
