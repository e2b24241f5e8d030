package dev.tandem.cli.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * descriptor.proto, which describes itself, has of everything something. Whatever is taken out of
 * it must be missed, and nothing of what is put in may be taken for a loss.
 */
final class ComparisonTest {

  private static final FileDescriptorProto RICH = rich();

  /**
   * What may differ: who imports what, and where in the file something stands. A oneof cannot be
   * taken out alone: its fields name it.
   */
  private static final Set<String> FREE =
      Set.of(
          "dependency", "source_code_info", "public_dependency", "weak_dependency", "oneof_decl");

  private static FileDescriptorProto rich() {
    FileDescriptorProto.Builder file = DescriptorProtos.getDescriptor().toProto().toBuilder();
    // What descriptor.proto itself lacks.
    file.addServiceBuilder()
        .setName("Answers")
        .addMethodBuilder()
        .setName("Answer")
        .setInputType(".google.protobuf.FileOptions")
        .setOutputType(".google.protobuf.FileOptions")
        .setServerStreaming(true)
        .setOptions(
            DescriptorProtos.MethodOptions.newBuilder()
                .setIdempotencyLevel(
                    DescriptorProtos.MethodOptions.IdempotencyLevel.NO_SIDE_EFFECTS));
    file.getMessageTypeBuilder(0).addOneofDeclBuilder().setName("either");
    file.getMessageTypeBuilder(0).getFieldBuilder(0).setOneofIndex(0);
    file.getMessageTypeBuilder(0).addReservedName("gone");
    file.getEnumTypeBuilder(0)
        .addReservedRange(
            DescriptorProtos.EnumDescriptorProto.EnumReservedRange.newBuilder()
                .setStart(5000)
                .setEnd(5002));
    return file.build();
  }

  @Test
  void findsNothingWhenNothingChanged() {
    assertThat(Comparison.of(RICH, RICH)).isEmpty();
  }

  @Test
  void missesWhateverIsTakenOut() {
    List<Message> poorer = withoutOneThing(RICH);

    assertThat(poorer).hasSizeGreaterThan(1000);
    for (Message file : poorer) {
      assertThat(Comparison.of(RICH, (FileDescriptorProto) file))
          .as("without %s", difference(RICH, file))
          .hasAtLeastOneElementOfType(Change.Broken.class);
    }
  }

  @Test
  void takesNewMembersForAdditions() {
    for (Message file : withoutOneMember(RICH)) {
      assertThat(Comparison.of((FileDescriptorProto) file, RICH))
          .as("with %s", difference(RICH, file))
          .isNotEmpty()
          .hasOnlyElementsOfType(Change.Added.class);
    }
  }

  @Test
  void doesNotMindTheOrderOfMembers() {
    FileDescriptorProto.Builder turned = RICH.toBuilder();
    List<DescriptorProtos.DescriptorProto> messages = turned.getMessageTypeList().reversed();
    turned.clearMessageType().addAllMessageType(messages);

    assertThat(Comparison.of(RICH, turned.build())).isEmpty();
  }

  @Test
  void doesNotMindAnOneofThatComesFirst() {
    FileDescriptorProto.Builder grown = RICH.toBuilder();
    grown.getMessageTypeBuilder(0).addOneofDeclBuilder(0).setName("first");
    grown.getMessageTypeBuilder(0).getFieldBuilder(0).setOneofIndex(1);

    assertThat(Comparison.of(RICH, grown.build()))
        .containsExactly(
            new Change.Added("oneof google.protobuf.%s.first".formatted(firstMessage())));
  }

  @Test
  void missesAOneofWhoseFieldsStay() {
    FileDescriptorProto.Builder flat = RICH.toBuilder();
    flat.getMessageTypeBuilder(0).clearOneofDecl().getFieldBuilder(0).clearOneofIndex();

    assertThat(Comparison.of(RICH, flat.build()))
        .hasSize(2)
        .hasOnlyElementsOfType(Change.Broken.class);
  }

  @Test
  void doesNotMindCommentsAndPositions() {
    FileDescriptorProto commented =
        RICH.toBuilder()
            .setSourceCodeInfo(
                SourceCodeInfo.newBuilder()
                    .addLocation(
                        SourceCodeInfo.Location.newBuilder().setLeadingComments("new words")))
            .build();

    assertThat(Comparison.of(RICH, commented)).isEmpty();
  }

  @Test
  void lowersNoWiderReservation() {
    FileDescriptorProto.Builder wider = RICH.toBuilder();
    wider.getEnumTypeBuilder(0).getReservedRangeBuilder(0).setEnd(5010);

    assertThat(Comparison.of(RICH, wider.build())).hasOnlyElementsOfType(Change.Added.class);
    assertThat(Comparison.of(wider.build(), RICH)).hasAtLeastOneElementOfType(Change.Broken.class);
  }

  @Test
  void seesACustomOptionChange() {
    FileDescriptorProto.Builder marked = RICH.toBuilder();
    marked
        .getMessageTypeBuilder(0)
        .getFieldBuilder(0)
        .setOptions(
            FieldOptions.newBuilder()
                .setUnknownFields(
                    UnknownFieldSet.newBuilder()
                        .addField(
                            50_000,
                            UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("secret"))
                                .build())
                        .build()));

    assertThat(Comparison.of(marked.build(), RICH))
        .singleElement()
        .isInstanceOf(Change.Broken.class)
        .extracting(Change::what)
        .asString()
        .startsWith("a custom option of google.protobuf." + firstMessage());
  }

  @Test
  void takesADeprecationAndNotItsEnd() {
    FileDescriptorProto.Builder deprecated = RICH.toBuilder();
    deprecated.getMessageTypeBuilder(0).getOptionsBuilder().setDeprecated(true);

    assertThat(Comparison.of(RICH, deprecated.build()))
        .hasOnlyElementsOfType(Change.Added.class)
        .hasSize(1);
    assertThat(Comparison.of(deprecated.build(), RICH))
        .hasAtLeastOneElementOfType(Change.Broken.class);
  }

  private static String firstMessage() {
    return RICH.getMessageType(0).getName();
  }

  /** The message with one attribute unset or one element removed, anywhere in it. */
  private static List<Message> withoutOneThing(Message message) {
    List<Message> results = new ArrayList<>();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (FREE.contains(field.getName()) || widens(field)) {
                return;
              }
              if (field.isRepeated()) {
                List<?> elements = (List<?>) value;
                for (int i = 0; i < elements.size(); i++) {
                  List<Object> rest = new ArrayList<>(elements);
                  rest.remove(i);
                  results.add(message.toBuilder().setField(field, rest).build());
                  if (elements.get(i) instanceof Message inner) {
                    for (Message changed : withoutOneThing(inner)) {
                      List<Object> all = new ArrayList<>(elements);
                      all.set(i, changed);
                      results.add(message.toBuilder().setField(field, all).build());
                    }
                  }
                }
              } else {
                results.add(message.toBuilder().clearField(field).build());
                if (value instanceof Message inner) {
                  withoutOneThing(inner)
                      .forEach(
                          changed ->
                              results.add(message.toBuilder().setField(field, changed).build()));
                }
              }
            });
    return results;
  }

  /** Without its start a reservation begins at zero: that reserves more, not less. */
  private static boolean widens(FieldDescriptor field) {
    return field.getName().equals("start")
        && field.getContainingType().getName().endsWith("ReservedRange");
  }

  /** The file without one message, field, enum, value, service, method or reservation. */
  private static List<Message> withoutOneMember(Message message) {
    List<Message> results = new ArrayList<>();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (!field.isRepeated()
                  || FREE.contains(field.getName())
                  || message.getDescriptorForType().getName().endsWith("Options")) {
                return;
              }
              List<?> elements = (List<?>) value;
              for (int i = 0; i < elements.size(); i++) {
                List<Object> rest = new ArrayList<>(elements);
                rest.remove(i);
                results.add(message.toBuilder().setField(field, rest).build());
                if (elements.get(i) instanceof Message inner) {
                  for (Message changed : withoutOneMember(inner)) {
                    List<Object> all = new ArrayList<>(elements);
                    all.set(i, changed);
                    results.add(message.toBuilder().setField(field, all).build());
                  }
                }
              }
            });
    return results;
  }

  /** Where two messages begin to differ, for the failure's text. */
  private static String difference(Message one, Message other) {
    for (FieldDescriptor field : one.getDescriptorForType().getFields()) {
      Object left = one.getField(field);
      Object right = other.getField(field);
      if (left.equals(right)
          && (field.isRepeated() || one.hasField(field) == other.hasField(field))) {
        continue;
      }
      if (left instanceof List<?> lefts && right instanceof List<?> rights) {
        for (int i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
          if (!lefts.get(i).equals(rights.get(i))) {
            return lefts.get(i) instanceof Message a && lefts.size() == rights.size()
                ? field.getName() + "." + difference(a, (Message) rights.get(i))
                : field.getName() + " " + lefts.get(i);
          }
        }
        return field.getName();
      }
      return left instanceof Message a
              && right instanceof Message b
              && one.hasField(field)
              && other.hasField(field)
          ? field.getName() + "." + difference(a, b)
          : field.getName() + " " + left;
    }
    return "nothing";
  }
}
