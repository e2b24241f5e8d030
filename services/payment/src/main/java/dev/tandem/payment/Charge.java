package dev.tandem.payment;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.payment.v1.ChargeRequest;
import java.util.Currency;
import java.util.Optional;

/**
 * What a caller asks for. Two charges are the same request when they are equal.
 *
 * @param idempotencyKey 1 to {@value #MAX_TEXT_BYTES} bytes of UTF-8
 * @param userId 1 to {@value #MAX_TEXT_BYTES} bytes of UTF-8
 * @param amountMinor in the currency's smallest unit, greater than zero
 * @param currencyCode an ISO 4217 code of a currency in which amounts exist (not XAU, not XXX)
 * @param furtherFields what newer callers may add; part of the request like all the rest, or one
 *     key would stand for two meanings
 */
record Charge(
    String idempotencyKey,
    String userId,
    long amountMinor,
    String currencyCode,
    FurtherFields furtherFields) {

  private static final int MAX_TEXT_BYTES = 128;

  /** What a request is worth. */
  sealed interface Check {

    record Valid(Charge charge) implements Check {}

    record Invalid(String reason) implements Check {}
  }

  Charge {
    problem(idempotencyKey, userId, amountMinor, currencyCode, furtherFields)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
  }

  static Check check(ChargeRequest request) {
    FurtherFields furtherFields = FurtherFields.of(request);
    return problem(
            request.getIdempotencyKey(),
            request.getUserId(),
            request.getAmountMinor(),
            request.getCurrencyCode(),
            furtherFields)
        .<Check>map(Check.Invalid::new)
        .orElseGet(
            () ->
                new Check.Valid(
                    new Charge(
                        request.getIdempotencyKey(),
                        request.getUserId(),
                        request.getAmountMinor(),
                        request.getCurrencyCode(),
                        furtherFields)));
  }

  private static Optional<String> problem(
      String idempotencyKey,
      String userId,
      long amountMinor,
      String currencyCode,
      FurtherFields furtherFields) {
    return textProblem("idempotency_key", idempotencyKey)
        .or(() -> textProblem("user_id", userId))
        .or(() -> amountProblem(amountMinor))
        .or(() -> currencyProblem(currencyCode))
        .or(() -> furtherFieldsProblem(furtherFields));
  }

  private static Optional<String> textProblem(String field, String text) {
    if (text.isEmpty()) {
      return Optional.of(field + " is missing");
    }
    if (text.getBytes(UTF_8).length > MAX_TEXT_BYTES) {
      return Optional.of("%s is longer than %d bytes".formatted(field, MAX_TEXT_BYTES));
    }
    // PostgreSQL's text cannot hold it.
    if (text.indexOf('\0') >= 0) {
      return Optional.of(field + " contains a NUL character");
    }
    return Optional.empty();
  }

  private static Optional<String> amountProblem(long amountMinor) {
    return amountMinor > 0
        ? Optional.empty()
        : Optional.of("amount_minor must be greater than zero, not " + amountMinor);
  }

  private static Optional<String> furtherFieldsProblem(FurtherFields fields) {
    return fields.bytes().size() <= FurtherFields.MAX_BYTES
        ? Optional.empty()
        : Optional.of(
            "fields that this server does not know are longer than %d bytes"
                .formatted(FurtherFields.MAX_BYTES));
  }

  private static Optional<String> currencyProblem(String code) {
    try {
      if (Currency.getInstance(code).getDefaultFractionDigits() >= 0) {
        return Optional.empty();
      }
    } catch (IllegalArgumentException e) {
      // Java has no other way to ask; the answer is the same as for gold.
    }
    return Optional.of("currency_code must be the ISO 4217 code of a currency, such as CNY");
  }
}
