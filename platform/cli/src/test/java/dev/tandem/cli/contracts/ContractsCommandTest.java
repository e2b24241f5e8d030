package dev.tandem.cli.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tandem.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules themselves have an example each, with real contracts, in proto/tests. */
final class ContractsCommandTest {

  private static final String LISTED =
      """
      # A comment that stays.
      apiVersion: tandem.dev/v1
      packages:
        shop.order.v1:
          state: ACTIVE
      """;

  @TempDir private Path directory;

  @BeforeEach
  void publishTheFirstVersion() throws IOException {
    lifecycle(LISTED);
    sources("shop/order/v1");
    Files.createDirectory(directory.resolve("frozen"));
    write("frozen/shop.order.v1.binpb", file("shop.order.v1", "GetOrderRequest"));
  }

  @Test
  void findsNothingWrongWithWhatWasPublished() throws IOException {
    write("now", file("shop.order.v1", "GetOrderRequest"));

    assertThat(check())
        .isEqualTo(new CommandRun(0, directory + ": 1 published packages are as they were\n", ""));
  }

  @Test
  void namesWhatWasRemovedAndTheRule() throws IOException {
    write("now", file("shop.order.v1", "FindOrderRequest"));

    CommandRun run = check();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("error: message shop.order.v1.GetOrderRequest was removed (ONLY_ADDITIONS)\n");
  }

  @Test
  void publishesANewVersionAndListsIt() throws IOException {
    sources("shop/order/v2");
    write("now", file("shop.order.v2", "GetOrderRequest"));

    CommandRun run = publish("shop.order.v2");

    assertThat(run.exitCode()).isZero();
    assertThat(Files.readString(directory.resolve("lifecycle.yaml")))
        .isEqualTo(LISTED + "  shop.order.v2:\n    state: ACTIVE\n");
    assertThat(directory.resolve("frozen/shop.order.v2.binpb"))
        .hasSameBinaryContentAs(directory.resolve("now"));
  }

  @Test
  void publishesWhatHasGrownAndSaysWhatIsNew() throws IOException {
    write("now", file("shop.order.v1", "GetOrderRequest", "CountOrdersRequest"));

    CommandRun run = publish("shop.order.v1");

    assertThat(run.out())
        .isEqualTo("shop.order.v1 has grown:\n  + message shop.order.v1.CountOrdersRequest\n");
    assertThat(Files.readString(directory.resolve("lifecycle.yaml"))).isEqualTo(LISTED);
  }

  @Test
  void publishesTheSameAgainWithoutHarm() throws IOException {
    write("now", file("shop.order.v1", "GetOrderRequest"));

    assertThat(publish("shop.order.v1"))
        .isEqualTo(new CommandRun(0, "shop.order.v1 is what was published before\n", ""));
  }

  @Test
  void refusesToPublishALossAndWritesNothing() throws IOException {
    write("now", file("shop.order.v1", "FindOrderRequest"));
    byte[] before = Files.readAllBytes(directory.resolve("frozen/shop.order.v1.binpb"));

    CommandRun run = publish("shop.order.v1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("shop.order.v1 is published and changes by additions only");
    assertThat(directory.resolve("frozen/shop.order.v1.binpb")).hasBinaryContent(before);
  }

  @Test
  void refusesToPublishWhatImportsADraft() throws IOException {
    write(
        "now",
        file("shop.idea.v1", "Idea"),
        file("shop.order.v2", "GetOrderRequest").toBuilder()
            .addDependency("shop/idea/v1/idea.proto")
            .build());

    CommandRun run = publish("shop.order.v2");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("shop.order.v2 imports shop.idea.v1, which is a draft");
  }

  @Test
  void suggestsThePackageThatWasMeant() throws IOException {
    write("now", file("shop.order.v1", "GetOrderRequest"));

    assertThat(publish("shop.ordre.v1").err())
        .isEqualTo(
            """
            error: no .proto file has the package shop.ordre.v1
                fix: did you mean "shop.order.v1"?
            """);
  }

  @Test
  void doesNotListAVersionWhereItCannotAppendOne() throws IOException {
    lifecycle(LISTED + "later: true\n");
    write("now", file("shop.order.v2", "GetOrderRequest"));

    CommandRun run = publish("shop.order.v2");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("lifecycle.yaml")))
        .isEqualTo(LISTED + "later: true\n");
  }

  @Test
  void saysWhichFileIsNoImage() throws IOException {
    Files.writeString(directory.resolve("now"), "no image");

    CommandRun run = check();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("now is not a compiled contract");
  }

  private CommandRun check() {
    return CommandRun.of(
        "contracts", "check", "--directory", directory.toString(), "--image", now());
  }

  private CommandRun publish(String packageName) {
    return CommandRun.of(
        "contracts", "publish", packageName, "--directory", directory.toString(), "--image", now());
  }

  private String now() {
    return directory.resolve("now").toString();
  }

  private void lifecycle(String text) throws IOException {
    Files.writeString(directory.resolve("lifecycle.yaml"), text);
  }

  private void sources(String folder) throws IOException {
    Path path = Files.createDirectories(directory.resolve(folder));
    Files.writeString(path.resolve("order.proto"), "");
  }

  private void write(String name, FileDescriptorProto... files) throws IOException {
    FileDescriptorSet.Builder image = FileDescriptorSet.newBuilder();
    for (FileDescriptorProto file : files) {
      image.addFile(file);
    }
    Files.write(directory.resolve(name), image.build().toByteArray());
  }

  private static FileDescriptorProto file(String packageName, String... messages) {
    String folder = packageName.replace('.', '/');
    String name = Path.of(folder).getName(1).toString();
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder()
            .setName("%s/%s.proto".formatted(folder, name))
            .setPackage(packageName)
            .setSyntax("proto3");
    for (String message : messages) {
      file.addMessageTypeBuilder().setName(message);
    }
    return file.build();
  }
}
