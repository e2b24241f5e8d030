package dev.tandem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SuggestionTest {

  private static final List<String> KEYS =
      List.of("name", "zone", "podSubnet", "serviceSubnet", "controlPlane");

  @ParameterizedTest
  @CsvSource({
    "podSubnets, podSubnet",
    "podsubnet, podSubnet",
    "pod-subnet, podSubnet",
    "pod_subnet, podSubnet",
    "nmae, name",
    "zones, zone",
    "contrlPlan, controlPlane",
  })
  void findsTheWordThatWasMeant(String slip, String meant) {
    assertThat(Suggestion.nearest(slip, KEYS)).contains(meant);
  }

  @Test
  void guessesNothingForAnotherWord() {
    assertThat(Suggestion.nearest("replicas", KEYS)).isEmpty();
    assertThat(Suggestion.among("replicas", KEYS))
        .isEqualTo("choose from: name, zone, podSubnet, serviceSubnet, controlPlane");
  }
}
