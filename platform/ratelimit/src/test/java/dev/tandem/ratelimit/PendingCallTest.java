package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ServerCall;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingCallTest {

  private final PendingCall<String> pending = new PendingCall<>();
  private final List<String> heard = new ArrayList<>();

  @Test
  void saysLaterWhatItHeardInTheSameOrder() {
    pending.onReady();
    pending.onMessage("one");
    pending.onHalfClose();
    pending.onCancel();
    assertThat(heard).isEmpty();

    pending.becomes(new Listening());

    assertThat(heard).containsExactly("ready", "one", "half close", "cancel");
  }

  @Test
  void saysAtOnceWhatItHearsFromThenOn() {
    pending.becomes(new Listening());
    pending.onMessage("one");
    pending.onComplete();

    assertThat(heard).containsExactly("one", "complete");
  }

  @Test
  void keepsTheOrderWhenItHearsMoreWhileItIsStillTelling() {
    pending.onMessage("one");
    pending.onMessage("two");
    pending.becomes(
        new Listening() {
          @Override
          public void onMessage(String message) {
            if (message.equals("one")) {
              pending.onMessage("three");
            }
            super.onMessage(message);
          }
        });

    assertThat(heard).containsExactly("one", "two", "three");
  }

  private class Listening extends ServerCall.Listener<String> {

    @Override
    public void onMessage(String message) {
      heard.add(message);
    }

    @Override
    public void onHalfClose() {
      heard.add("half close");
    }

    @Override
    public void onCancel() {
      heard.add("cancel");
    }

    @Override
    public void onComplete() {
      heard.add("complete");
    }

    @Override
    public void onReady() {
      heard.add("ready");
    }
  }
}
