package dev.tandem.transport;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Asks for the {@link io.grpc.Channel} of a name: {@code @ChannelTo("user") Channel users}. The
 * same name is the same channel everywhere in the process.
 */
@Qualifier
@Retention(RUNTIME)
@Target({FIELD, PARAMETER, METHOD})
public @interface ChannelTo {

  /** The channel's name in {@code tandem.transport.channels."name"}. */
  @Nonbinding
  String value();
}
