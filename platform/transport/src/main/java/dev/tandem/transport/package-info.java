/** What every gRPC server of the platform has on the wire, whatever it serves. */
@NullMarked
package dev.tandem.transport;

import org.jspecify.annotations.NullMarked;
