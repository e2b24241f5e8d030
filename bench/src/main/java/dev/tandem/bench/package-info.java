/** What the platform costs a service: pairs of servers under the same load, in alternation. */
@NullMarked
package dev.tandem.bench;

import org.jspecify.annotations.NullMarked;
