package dev.tandem.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.grpc.ClientInterceptor;
import io.grpc.ServerInterceptor;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.ConfigMapping;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each library of platform/ is usable without the others: what it may use of ours is written here,
 * and nowhere is there a way back.
 */
class ModulesTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  /** What each folder of platform/ may use of ours, itself aside. */
  private static final Map<String, Set<String>> MAY_USE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("auth", Set.of("identity")),
              Map.entry("cli", Set.of("topology")),
              Map.entry("identity", Set.of()),
              Map.entry("lifecycle", Set.of()),
              Map.entry("mirror", Set.of()),
              Map.entry("ratelimit", Set.of("identity")),
              Map.entry("registry", Set.of("lifecycle", "transport")),
              Map.entry("resilience", Set.of()),
              Map.entry("telemetry", Set.of()),
              Map.entry("topology", Set.of()),
              Map.entry("transport", Set.of()),
              Map.entry("versioning", Set.of("identity"))));

  private static final Set<String> SERVICES = Set.of("logs", "payment", "user");

  private static final JavaClasses CLASSES = importAll();

  private static JavaClasses importAll() {
    List<Path> folders = new ArrayList<>();
    MAY_USE.keySet().forEach(module -> folders.add(classesOf("platform/" + module)));
    SERVICES.forEach(service -> folders.add(classesOf("services/" + service)));
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPaths(folders);
  }

  private static Path classesOf(String module) {
    Path folder = ROOT.resolve(module).resolve("target/classes");
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(folder + " is missing: build all modules (make check-java)");
    }
    return folder;
  }

  @Test
  void everyModuleOfThePlatformHasItsLineHere() throws IOException {
    Set<String> modules = new TreeSet<>();
    try (Stream<Path> folders = Files.list(ROOT.resolve("platform"))) {
      folders
          .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
          .forEach(folder -> modules.add(folder.getFileName().toString()));
    }

    assertThat(MAY_USE.keySet()).isEqualTo(modules);
  }

  @TestFactory
  Stream<DynamicTest> aModuleUsesOnlyWhatItMay() {
    return MAY_USE.entrySet().stream()
        .map(
            module ->
                DynamicTest.dynamicTest(
                    "%s uses %s".formatted(module.getKey(), module.getValue()),
                    () -> usesOnly(module.getKey(), module.getValue())));
  }

  private static void usesOnly(String module, Set<String> others) {
    List<String> packages = new ArrayList<>(List.of(packageOf(module)));
    others.forEach(other -> packages.add(packageOf(other)));
    DescribedPredicate<JavaClass> ours = resideInAnyPackage("dev.tandem..");
    classes()
        .that()
        .resideInAPackage(packageOf(module))
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.not(ours)
                .or(resideInAnyPackage(packages.toArray(String[]::new)))
                .as("are not ours, or belong to %s", packages))
        .check(CLASSES);
  }

  @Test
  void noTwoModulesUseEachOther() {
    slices().matching("dev.tandem.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void servicesDoNotKnowEachOther() {
    for (String service : SERVICES) {
      for (String other : SERVICES) {
        if (!service.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("dev.tandem." + service)
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.tandem." + other)
              .check(CLASSES);
        }
      }
    }
  }

  @Test
  void whatCutsAcrossServicesIsInThePlatform() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.tandem.logs..", "dev.tandem.payment..", "dev.tandem.user..")
        .should()
        .beAssignableTo(ServerInterceptor.class)
        .orShould()
        .beAssignableTo(ClientInterceptor.class)
        .check(CLASSES);
  }

  /**
   * Quarkus only logs what is wrong with an interceptor, so that settings which nobody looks at
   * when the application starts would leave a process without protection, or one that serves
   * nobody.
   */
  @Test
  void settingsAreLookedAtWhenTheApplicationStarts() {
    Set<String> packages = new TreeSet<>();
    CLASSES.stream()
        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
        .forEach(settings -> packages.add(settings.getPackageName()));
    Set<String> checked = new TreeSet<>();
    CLASSES.stream()
        .filter(ModulesTest::isMadeFirst)
        .forEach(bean -> checked.add(bean.getPackageName()));

    assertThat(packages).isNotEmpty();
    assertThat(checked).containsAll(packages);
  }

  /** Leases and watches must not care when somebody sets the clock. */
  @Test
  void theRegistryNeverAsksForTheTimeOfDay() {
    noClasses()
        .that()
        .resideInAPackage("dev.tandem.registry..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            Clock.class,
            Instant.class,
            InstantSource.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            Date.class)
        .check(CLASSES);
  }

  /** Its callers see instances: what etcd or Consul speak stays in the classes named after them. */
  @Test
  void onlyEtcdsClassesSpeakEtcdsProtocol() {
    noClasses()
        .that()
        .resideInAPackage("dev.tandem..")
        .and()
        .haveNameNotMatching("dev\\.tandem\\.registry\\.Etcd.*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.etcd..")
        .check(CLASSES);
  }

  private static boolean isMadeFirst(JavaClass bean) {
    return bean.isAnnotatedWith(Startup.class)
        || bean.getMethods().stream()
            .flatMap(method -> method.getParameters().stream())
            .anyMatch(
                parameter ->
                    parameter.isAnnotatedWith(Observes.class)
                        && parameter.isAnnotatedWith(Priority.class)
                        && parameter.getRawType().isEquivalentTo(StartupEvent.class));
  }

  @Test
  void nothingOfThePlatformKnowsAService() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.tandem.payment..", "dev.tandem.user..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tandem.payment", "dev.tandem.user")
        .check(CLASSES);
  }

  private static String packageOf(String module) {
    return "dev.tandem.%s..".formatted(module);
  }
}
