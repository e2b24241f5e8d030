package dev.tandem.cli.contracts;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ExtensionRange;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto.EnumReservedRange;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares a published file with what it is now. Everything that was published has to be there
 * still, and be the same; what is new is an addition. Comments and the order of declarations are
 * free.
 *
 * <p>Stricter than {@code buf breaking}, which knows a list of options: here every option counts,
 * custom ones too. The one that may appear later is {@code deprecated}.
 */
final class Comparison {

  private static final String DEPRECATED = "deprecated";
  private static final Set<String> COMPARED_ONE_BY_ONE =
      Set.of("options", "reserved_name", "source_code_info");

  /**
   * Which file needs which is the compiler's business; only what a file hands on to those who
   * import it is its contract.
   */
  private static final Set<String> IMPORTS =
      Set.of("dependency", "public_dependency", "weak_dependency", "option_dependency");

  private final List<Change> changes = new ArrayList<>();

  private Comparison() {}

  static List<Change> of(FileDescriptorProto published, FileDescriptorProto now) {
    Comparison comparison = new Comparison();
    comparison.file(published, now);
    return List.copyOf(comparison.changes);
  }

  private void file(FileDescriptorProto published, FileDescriptorProto now) {
    String path = published.getName();
    String scope = published.getPackage().isEmpty() ? "" : published.getPackage() + ".";
    attributes(path, published, now, IMPORTS);
    names("public import", path, publicImports(published), publicImports(now));
    options(path, published.getOptions(), now.getOptions());
    members(
        "message",
        scope,
        published.getMessageTypeList(),
        now.getMessageTypeList(),
        DescriptorProto::getName,
        this::message);
    members(
        "enum",
        scope,
        published.getEnumTypeList(),
        now.getEnumTypeList(),
        EnumDescriptorProto::getName,
        this::enumeration);
    members(
        "service",
        scope,
        published.getServiceList(),
        now.getServiceList(),
        ServiceDescriptorProto::getName,
        this::service);
    members(
        "extension",
        scope,
        published.getExtensionList(),
        now.getExtensionList(),
        Comparison::extensionKey,
        (name, before, after) -> field(name, before, after, "", ""));
  }

  private void message(String path, DescriptorProto published, DescriptorProto now) {
    String scope = path + ".";
    attributes(path, published, now, Set.of());
    options(path, published.getOptions(), now.getOptions());
    members(
        "field",
        scope,
        published.getFieldList(),
        now.getFieldList(),
        Comparison::numberAndName,
        (name, before, after) ->
            field(name, before, after, oneofOf(published, before), oneofOf(now, after)));
    members(
        "message",
        scope,
        published.getNestedTypeList(),
        now.getNestedTypeList(),
        DescriptorProto::getName,
        this::message);
    members(
        "enum",
        scope,
        published.getEnumTypeList(),
        now.getEnumTypeList(),
        EnumDescriptorProto::getName,
        this::enumeration);
    members(
        "oneof",
        scope,
        published.getOneofDeclList(),
        now.getOneofDeclList(),
        OneofDescriptorProto::getName,
        (name, before, after) -> options(name, before.getOptions(), after.getOptions()));
    members(
        "extension",
        scope,
        published.getExtensionList(),
        now.getExtensionList(),
        Comparison::extensionKey,
        (name, before, after) -> field(name, before, after, "", ""));
    members(
        "extension range",
        scope,
        published.getExtensionRangeList(),
        now.getExtensionRangeList(),
        Comparison::rangeKey,
        (name, before, after) -> options(name, before.getOptions(), after.getOptions()));
    ranges(
        path,
        published.getReservedRangeList().stream().map(Comparison::range).toList(),
        now.getReservedRangeList().stream().map(Comparison::range).toList());
    names("reserved name", path, published.getReservedNameList(), now.getReservedNameList());
  }

  private void field(
      String path,
      FieldDescriptorProto published,
      FieldDescriptorProto now,
      String publishedOneof,
      String nowOneof) {
    // An index into the message's oneofs says nothing by itself: another oneof may have come first.
    attributes(path, published, now, Set.of("oneof_index"));
    if (!publishedOneof.equals(nowOneof)) {
      broken(
          "%s was in oneof \"%s\" and is in \"%s\" now".formatted(path, publishedOneof, nowOneof));
    }
    options(path, published.getOptions(), now.getOptions());
  }

  private void enumeration(String path, EnumDescriptorProto published, EnumDescriptorProto now) {
    attributes(path, published, now, Set.of());
    options(path, published.getOptions(), now.getOptions());
    members(
        "value",
        path + ".",
        published.getValueList(),
        now.getValueList(),
        EnumValueDescriptorProto::getName,
        (name, before, after) -> {
          attributes(name, before, after, Set.of());
          options(name, before.getOptions(), after.getOptions());
        });
    ranges(
        path,
        published.getReservedRangeList().stream().map(Comparison::range).toList(),
        now.getReservedRangeList().stream().map(Comparison::range).toList());
    names("reserved name", path, published.getReservedNameList(), now.getReservedNameList());
  }

  private void service(String path, ServiceDescriptorProto published, ServiceDescriptorProto now) {
    attributes(path, published, now, Set.of());
    options(path, published.getOptions(), now.getOptions());
    members(
        "method",
        path + ".",
        published.getMethodList(),
        now.getMethodList(),
        MethodDescriptorProto::getName,
        (name, before, after) -> {
          attributes(name, before, after, Set.of());
          options(name, before.getOptions(), after.getOptions());
        });
  }

  private interface Pair<T> {
    void compare(String path, T published, T now);
  }

  private <T> void members(
      String kind,
      String scope,
      List<T> published,
      List<T> now,
      Function<T, String> key,
      Pair<T> pair) {
    Map<String, T> publishedByKey = byKey(published, key);
    Map<String, T> nowByKey = byKey(now, key);
    publishedByKey.forEach(
        (name, before) -> {
          T after = nowByKey.get(name);
          if (after == null) {
            broken("%s %s was removed".formatted(kind, scope + name));
          } else {
            pair.compare(scope + name, before, after);
          }
        });
    nowByKey.keySet().stream()
        .filter(name -> !publishedByKey.containsKey(name))
        .forEach(name -> added("%s %s".formatted(kind, scope + name)));
  }

  /** Every singular attribute, present and future ones of descriptor.proto alike. */
  private void attributes(String path, Message published, Message now, Set<String> free) {
    for (FieldDescriptor attribute : published.getDescriptorForType().getFields()) {
      String name = attribute.getName();
      if (attribute.isRepeated() || COMPARED_ONE_BY_ONE.contains(name) || free.contains(name)) {
        continue;
      }
      Object before = published.getField(attribute);
      Object after = now.getField(attribute);
      if (published.hasField(attribute) != now.hasField(attribute) || !before.equals(after)) {
        broken("%s of %s was %s and is %s now".formatted(name, path, shown(before), shown(after)));
      }
    }
  }

  private void options(String path, Message published, Message now) {
    for (FieldDescriptor option : published.getDescriptorForType().getFields()) {
      Object before = published.getField(option);
      Object after = now.getField(option);
      boolean appeared = option.isRepeated() ? !before.equals(after) : !published.hasField(option);
      if (before.equals(after) && (option.isRepeated() || present(published, now, option))) {
        continue;
      }
      if (option.getName().equals(DEPRECATED) && appeared && after.equals(true)) {
        added("%s is deprecated".formatted(path));
      } else {
        broken(
            "option %s of %s was %s and is %s now"
                .formatted(option.getName(), path, shown(before), shown(after)));
      }
    }
    if (!published.getUnknownFields().equals(now.getUnknownFields())) {
      broken("a custom option of %s is not what it was".formatted(path));
    }
  }

  private static boolean present(Message published, Message now, FieldDescriptor option) {
    return published.hasField(option) == now.hasField(option);
  }

  private record Range(long first, long last) {
    boolean holds(Range other) {
      return first <= other.first && other.last <= last;
    }
  }

  private void ranges(String path, List<Range> published, List<Range> now) {
    for (Range range : published) {
      if (now.stream().noneMatch(wider -> wider.holds(range))) {
        broken("%d to %d are no longer reserved in %s".formatted(range.first, range.last, path));
      }
    }
    for (Range range : now) {
      if (!published.contains(range)) {
        added("%d to %d are reserved in %s".formatted(range.first, range.last, path));
      }
    }
  }

  private void names(String kind, String path, List<String> published, List<String> now) {
    published.stream()
        .filter(name -> !now.contains(name))
        .forEach(name -> broken("%s %s of %s was removed".formatted(kind, name, path)));
    now.stream()
        .filter(name -> !published.contains(name))
        .forEach(name -> added("%s %s of %s".formatted(kind, name, path)));
  }

  private void broken(String what) {
    changes.add(new Change.Broken(what));
  }

  private void added(String what) {
    changes.add(new Change.Added(what));
  }

  private static <T> Map<String, T> byKey(List<T> members, Function<T, String> key) {
    return members.stream()
        .collect(
            Collectors.toMap(key, Function.identity(), (first, _) -> first, LinkedHashMap::new));
  }

  /** A field is its number on the wire and its name in JSON and in code: neither may change. */
  private static String numberAndName(FieldDescriptorProto field) {
    return "%s = %d".formatted(field.getName(), field.getNumber());
  }

  private static String extensionKey(FieldDescriptorProto extension) {
    return "%s of %s".formatted(numberAndName(extension), extension.getExtendee());
  }

  private static String rangeKey(ExtensionRange range) {
    return "%d to %d".formatted(range.getStart(), range.getEnd() - 1);
  }

  /** The end of a message's range is exclusive, the end of an enum's is not. */
  private static Range range(ReservedRange range) {
    return new Range(range.getStart(), range.getEnd() - 1L);
  }

  private static Range range(EnumReservedRange range) {
    return new Range(range.getStart(), range.getEnd());
  }

  private static String oneofOf(DescriptorProto message, FieldDescriptorProto field) {
    return field.hasOneofIndex() ? message.getOneofDecl(field.getOneofIndex()).getName() : "";
  }

  private static List<String> publicImports(FileDescriptorProto file) {
    return file.getPublicDependencyList().stream().map(file::getDependency).toList();
  }

  private static String shown(Object value) {
    String text = value.toString();
    return text.isEmpty() ? "unset" : text.strip();
  }
}
