package dev.tandem.e2e.call;

import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.tandem.e2e.v1.NumberedField;
import dev.tandem.e2e.v1.StreamLimit;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.GetPaymentRequest;
import dev.tandem.payment.v1.PaymentServiceGrpc;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.WatchUserRequest;
import io.grpc.MethodDescriptor;
import java.time.Duration;

/**
 * What a caller is told to call, and where.
 *
 * @param target host:port as seen from the caller
 * @param message the control API's form of it
 */
public record Work(String target, dev.tandem.e2e.v1.Work message) {
  /** The user service as every cluster knows it. */
  public static final String USER = "user:9000";

  /** The payment service as every cluster knows it. */
  public static final String PAYMENT = "payment:9000";

  /** Asks for a user. */
  public static Work getUser(String id) {
    return unary(
        USER,
        UserServiceGrpc.getGetUserMethod(),
        GetUserRequest.newBuilder().setUserId(id).build());
  }

  /** Follows a user for a time. */
  public static Work watchUser(String id, Duration hold) {
    Work work =
        unary(
            USER,
            UserServiceGrpc.getWatchUserMethod(),
            WatchUserRequest.newBuilder().setUserId(id).build());
    return work.with(
        work.message.toBuilder()
            .setStream(StreamLimit.newBuilder().setHold(Durations.fromNanos(hold.toNanos()))));
  }

  /** Charges a user. */
  public static Work charge(ChargeRequest request) {
    return unary(PAYMENT, PaymentServiceGrpc.getChargeMethod(), request);
  }

  /** Asks for a payment. */
  public static Work getPayment(String id) {
    return unary(
        PAYMENT,
        PaymentServiceGrpc.getGetPaymentMethod(),
        GetPaymentRequest.newBuilder().setPaymentId(id).build());
  }

  /** A call of any unary method. */
  public static <Q extends Message> Work unary(
      String target, MethodDescriptor<Q, ?> method, Q request) {
    return new Work(
        target,
        dev.tandem.e2e.v1.Work.newBuilder()
            .setMethod(method.getFullMethodName())
            .setRequest(request.toByteString())
            .build());
  }

  /** The same call to another place. */
  public Work at(String otherTarget) {
    return new Work(otherTarget, message);
  }

  /** The same call with a string field that counts up from call to call. */
  public Work numbering(int field, String prefix) {
    return with(
        message.toBuilder()
            .setNumberedField(NumberedField.newBuilder().setNumber(field).setPrefix(prefix)));
  }

  private Work with(dev.tandem.e2e.v1.Work.Builder changed) {
    return new Work(target, changed.build());
  }

  /** The method's own name, such as GetUser. */
  public String name() {
    return message.getMethod().substring(message.getMethod().indexOf('/') + 1);
  }
}
