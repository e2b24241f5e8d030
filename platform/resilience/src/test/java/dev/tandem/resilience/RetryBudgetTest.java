package dev.tandem.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private static int spendAll(RetryBudget budget) {
    int spent = 0;
    while (budget.spend()) {
      spent++;
    }
    return spent;
  }

  @Test
  void startsWithItsReserve() {
    assertThat(spendAll(new RetryBudget(new BudgetPolicy(0.6, 10)))).isEqualTo(10);
  }

  @Test
  void earnsAPartOfARepetitionWithEachCall() {
    RetryBudget budget = new RetryBudget(new BudgetPolicy(0.25, 10));
    spendAll(budget);

    for (int i = 0; i < 12; i++) {
      budget.earn();
    }

    assertThat(spendAll(budget)).isEqualTo(3);
  }

  @Test
  void savesNoMoreThanItsReserve() {
    RetryBudget budget = new RetryBudget(new BudgetPolicy(1, 10));

    for (int i = 0; i < 1000; i++) {
      budget.earn();
    }

    assertThat(spendAll(budget)).isEqualTo(10);
  }

  @Test
  void worksWithoutAReserve() {
    RetryBudget budget = new RetryBudget(new BudgetPolicy(0.5, 0));

    assertThat(budget.spend()).isFalse();
    budget.earn();
    assertThat(budget.spend()).isFalse();
    budget.earn();
    assertThat(budget.spend()).isTrue();
  }

  @Test
  void grantsNothingWhenNothingIsEarned() {
    RetryBudget budget = new RetryBudget(new BudgetPolicy(0, 0));

    budget.earn();

    assertThat(budget.spend()).isFalse();
  }
}
