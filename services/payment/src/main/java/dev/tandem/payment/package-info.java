/** Charges users once for each idempotency key, and keeps the record of it. */
@NullMarked
package dev.tandem.payment;

import org.jspecify.annotations.NullMarked;
