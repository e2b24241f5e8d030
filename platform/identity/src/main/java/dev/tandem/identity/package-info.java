/** Who is calling, as far as it was found out, handed from one interceptor to the next. */
@NullMarked
package dev.tandem.identity;

import org.jspecify.annotations.NullMarked;
