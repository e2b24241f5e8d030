package dev.tandem.cli.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SplitCommandTest {

  private static final String SPLIT =
      """
      apiVersion: split.smi-spec.io/v1alpha4
      kind: TrafficSplit
      metadata: {name: user, namespace: tandem}
      spec:
        service: user
        backends:
          - {service: user-stable, weight: 80}
          - {service: user-candidate, weight: 20}
      """;

  private final Path directory;

  SplitCommandTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void translatesIntoAVirtualService() throws IOException {
    assertThat(split(SPLIT))
        .isEqualTo(
            new CommandRun(
                0,
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: user
                  namespace: tandem
                spec:
                  hosts:
                  - user.tandem.svc.cluster.local
                  http:
                  - route:
                    - destination:
                        host: user-stable.tandem.svc.cluster.local
                      weight: 80
                    - destination:
                        host: user-candidate.tandem.svc.cluster.local
                      weight: 20
                """,
                ""));
  }

  @Test
  void translatesIntoAGrpcRoute() throws IOException {
    assertThat(split(SPLIT, "--as", "grpcroute").out())
        .isEqualTo(
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GRPCRoute
            metadata:
              name: user
              namespace: tandem
            spec:
              parentRefs:
              - group: ''
                kind: Service
                name: user
                port: 9000
              rules:
              - backendRefs:
                - name: user-stable
                  port: 9000
                  weight: 80
                - name: user-candidate
                  port: 9000
                  weight: 20
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          weight: 80              | weight: 70              | the weights add up to 90: they must add up to 100
          weight: 80              | weight: -20             | the weight of user-stable is -20
          weight: 80              | weight: half            | each of spec.backends needs a weight
          user-candidate          | user-stable             | user-stable is named twice
          TrafficSplit            | TrafficTarget           | it is a TrafficTarget of split.smi-spec.io/v1alpha4
          split.smi-spec.io       | split.example.com       | it is a TrafficSplit of split.example.com/v1alpha4
          '  service: user'       | '  matches: []'         | spec.matches needs an HTTPRouteGroup
          'name: user,'           | 'names: user,'          | name is missing
          """)
  void refusesWhatIsNone(String before, String after, String problem) throws IOException {
    CommandRun run = split(SPLIT.replaceFirst(before, after));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(problem);
  }

  @Test
  void refusesAFileThatIsNotThere() {
    CommandRun run = CommandRun.of("split", directory.resolve("none.yaml").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("cannot be read");
  }

  private CommandRun split(String yaml, String... options) throws IOException {
    Path file = Files.writeString(directory.resolve("split.yaml"), yaml);
    String[] arguments = new String[options.length + 2];
    arguments[0] = "split";
    arguments[1] = file.toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return CommandRun.of(arguments);
  }
}
