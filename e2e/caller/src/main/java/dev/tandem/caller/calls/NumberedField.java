package dev.tandem.caller.calls;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A string field of the request that differs from call to call.
 *
 * @param number the field's number
 * @param prefix what stands in front of the call's sequence number
 */
public record NumberedField(int number, String prefix) {
  public NumberedField {
    if (number < 1) {
      throw new IllegalArgumentException(
          "work.numbered_field.number is %d: a field's number is greater than zero"
              .formatted(number));
    }
  }

  /**
   * The request with the field set. The field is appended: a parser takes the last of a scalar
   * field's occurrences (protobuf, "Last One Wins").
   */
  ByteString in(ByteString request, long sequence) {
    ByteString.Output output = ByteString.newOutput(prefix.length() + 16);
    CodedOutputStream coded = CodedOutputStream.newInstance(output);
    try {
      coded.writeString(number, prefix + sequence);
      coded.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return request.concat(output.toByteString());
  }
}
