/** What the proofs found, as a page for people and as JSON. */
@NullMarked
package dev.tandem.e2e.report;

import org.jspecify.annotations.NullMarked;
