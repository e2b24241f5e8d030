package dev.tandem.e2e.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SentenceTest {
  @Test
  void readsAMethodsNameAsASentence() {
    assertThat(Sentence.of("noCallFailsDuringAnUpgradeAndARollback"))
        .isEqualTo("No call fails during an upgrade and a rollback");
    assertThat(Sentence.of("helm3TestPasses")).isEqualTo("Helm3 test passes");
  }
}
