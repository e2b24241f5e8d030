package dev.tandem.e2e.proof;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a class whose tests prove something on the running clusters. Its methods' names are
 * sentences. They, and methods that run before all of them, may take {@link
 * dev.tandem.e2e.cluster.Clusters}, {@link dev.tandem.e2e.cluster.Undo} and {@link Evidence}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("e2e")
@ExtendWith(ProofExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public @interface Proof {
  /** What the class's proofs are about, as the report's heading. */
  String value();
}
