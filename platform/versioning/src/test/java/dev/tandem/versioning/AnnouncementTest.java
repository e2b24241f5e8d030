package dev.tandem.versioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.grpc.Metadata;
import java.net.URI;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnouncementTest {

  private static final String GET_USER = "tandem.user.v1.UserService/GetUser";
  private static final LocalDate DEPRECATED = LocalDate.of(2026, 12, 1);
  private static final LocalDate SUNSET = LocalDate.of(2027, 6, 1);
  private static final Optional<String> SUCCESSOR = Optional.of("tandem.user.v2");
  private static final Optional<URI> LINK = Optional.of(URI.create("https://example.com/v2"));

  @Test
  void isWrittenAsTheRfcsHaveIt() {
    Metadata metadata = metadataOf(new Announcement(DEPRECATED, SUNSET, SUCCESSOR, LINK));

    assertThat(metadata.getAll(Announcement.DEPRECATION)).containsExactly("@1796083200");
    assertThat(metadata.getAll(Announcement.SUNSET))
        .containsExactly("Tue, 01 Jun 2027 00:00:00 GMT");
    assertThat(metadata.getAll(Announcement.LINK))
        .containsExactly(
            "</tandem.user.v2.UserService/GetUser>; rel=\"successor-version\", "
                + "<https://example.com/v2>; rel=\"deprecation\"");
  }

  @Test
  void linksOnlyToWhatThereIs() {
    assertThat(
            metadataOf(new Announcement(DEPRECATED, SUNSET, SUCCESSOR, Optional.empty()))
                .get(Announcement.LINK))
        .isEqualTo("</tandem.user.v2.UserService/GetUser>; rel=\"successor-version\"");
    assertThat(
            metadataOf(new Announcement(DEPRECATED, SUNSET, Optional.empty(), LINK))
                .get(Announcement.LINK))
        .isEqualTo("<https://example.com/v2>; rel=\"deprecation\"");
  }

  @Test
  void replacesWhatAnotherServerAnnounced() {
    Metadata metadata = new Metadata();
    metadata.put(Announcement.SUNSET, "yesterday");

    new Announcement(DEPRECATED, SUNSET, SUCCESSOR, LINK).putInto(metadata, GET_USER);

    assertThat(metadata.getAll(Announcement.SUNSET))
        .containsExactly("Tue, 01 Jun 2027 00:00:00 GMT");
  }

  @Test
  void tellsCallersWhereToGoAndWhen() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Announcement(SUNSET, DEPRECATED, SUCCESSOR, LINK));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Announcement(DEPRECATED, SUNSET, Optional.empty(), Optional.empty()));
  }

  private static Metadata metadataOf(Announcement announcement) {
    Metadata metadata = new Metadata();
    announcement.putInto(metadata, GET_USER);
    return metadata;
  }
}
