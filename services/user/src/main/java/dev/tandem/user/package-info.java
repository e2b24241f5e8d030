/** The directory of users: looked up, watched, and replaced while it is served. */
@NullMarked
package dev.tandem.user;

import org.jspecify.annotations.NullMarked;
