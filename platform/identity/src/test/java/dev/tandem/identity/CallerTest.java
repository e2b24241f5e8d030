package dev.tandem.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import org.junit.jupiter.api.Test;

class CallerTest {

  @Test
  void isFoundInTheContextThatItWasPutInto() throws Exception {
    Context context = new Caller("ada").into(Context.ROOT);

    assertThat(Caller.of(context)).contains(new Caller("ada"));
    assertThat(context.call(Caller::current)).contains(new Caller("ada"));
  }

  @Test
  void isNobodyWhereNobodyWasVerified() {
    assertThat(Caller.current()).isEmpty();
    assertThat(Caller.of(Context.ROOT)).isEmpty();
  }

  @Test
  void hasAName() {
    assertThatThrownBy(() -> new Caller(" ")).isInstanceOf(IllegalArgumentException.class);
  }
}
