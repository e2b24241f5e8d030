package dev.tandem.e2e.drill;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class NodeTest {
  @Test
  void aNodeOfKindsOnTandemsNetworkIsOurs() {
    assertThatCode(
            () ->
                Node.requireOurs("node", "tandem-west", "bridge,tandem,", "tandem-west", "tandem"))
        .doesNotThrowAnyException();
  }

  @Test
  void aContainerWithoutKindsLabelIsLeftAlone() {
    assertThatThrownBy(
            () ->
                Node.requireOurs(
                    "tandem-west-control-plane", "", "tandem,", "tandem-west", "tandem"))
        .hasMessageContaining("the container tandem-west-control-plane is not Tandem's")
        .hasMessageEndingWith("It was not touched");
  }

  @Test
  void aClusterOfSomebodyElseOnAnotherNetworkIsLeftAlone() {
    assertThatThrownBy(
            () -> Node.requireOurs("node", "tandem-west", "kind,", "tandem-west", "tandem"))
        .hasMessageContaining("its networks are 'kind,' (not tandem)");
  }
}
