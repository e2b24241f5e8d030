/** The binaries of the checkout: kubectl, helm, istioctl. */
@NullMarked
package dev.tandem.e2e.tool;

import org.jspecify.annotations.NullMarked;
