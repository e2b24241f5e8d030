/** What makes a JUnit test a proof: clusters, evidence, undoing, and a bundle when it fails. */
@NullMarked
package dev.tandem.e2e.proof;

import org.jspecify.annotations.NullMarked;
