package dev.tandem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes of form: what is no YAML, or not the right kind of YAML. */
final class YamlMistakesTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# nothing but a comment\n"})
  void anEmptyFile(String text) {
    assertThat(ThreeClusters.mistakesIn(text))
        .containsExactly(
            "1:1 the file is empty | start it with \"apiVersion: tandem.dev/v1\" and list the"
                + " clusters");
  }

  @Test
  void aFileWithoutKeys() {
    assertThat(ThreeClusters.mistakesIn("- shanghai\n- beijing\n"))
        .containsExactly(
            "1:1 the file holds no keys | start it with \"apiVersion: tandem.dev/v1\" and list the"
                + " clusters");
  }

  @Test
  void aBracketThatIsNeverClosed() {
    assertThat(
            ThreeClusters.file().with("subnet: 172.30.0.0/16", "subnet: [172.30.0.0/16").mistakes())
        .singleElement()
        .asString()
        .startsWith("8:9 not YAML: expected ',' or ']'");
  }

  @Test
  void aLineThatIsIndentedWrongly() {
    assertThat(
            ThreeClusters.file().with("    zone: cn-north-1a", "   zone: cn-north-1a").mistakes())
        .singleElement()
        .asString()
        .startsWith("23:4 not YAML: expected <block end>");
  }

  @Test
  void aTabInTheIndentation() {
    assertThat(ThreeClusters.file().with("  id: tandem", "\tid: tandem").mistakes())
        .singleElement()
        .asString()
        .startsWith("3:1 not YAML: found character '\\t(TAB)'")
        .contains("spaces, never tabs");
  }

  @Test
  void anAliasWithoutAnchor() {
    assertThat(ThreeClusters.file().with("network: beijing", "network: *beijing").mistakes())
        .containsExactly(
            "24:14 not YAML: found undefined alias beijing | check the indentation (spaces, never"
                + " tabs), the quotes and the brackets up to here");
  }

  @Test
  void aControlCharacter() {
    assertThat(ThreeClusters.file().with("id: tandem", "id: tan\u0007dem").mistakes())
        .containsExactly("3:10 not YAML: a control character, U+0007 | delete the character");
  }

  @Test
  void aSecondDocument() {
    assertThat(ThreeClusters.mistakesIn(ThreeClusters.file().text() + "---\na: b\n"))
        .containsExactly(
            "39:1 a second YAML document starts here | keep one document: remove the line --- and"
                + " merge what follows it");
  }

  @Test
  void bracketsWithoutEnd() {
    assertThat(ThreeClusters.mistakesIn("[".repeat(200_000)))
        .singleElement()
        .asString()
        .startsWith("1:1 the brackets are nested too deeply");
  }

  @Test
  void aKeyThatIsNoWord() {
    assertThat(ThreeClusters.file().with("mesh:", "? [mesh]\n:").mistakes())
        .singleElement()
        .asString()
        .startsWith("1:1 not YAML: Non scalar key");
  }

  @Test
  void aKeyThatAppearsTwice() {
    assertThat(ThreeClusters.file().with("network: beijing", "zone: cn-north-1b").mistakes())
        .containsExactly(
            "24:5 key \"zone\" appears again in cluster beijing, first in line 23 | keep one of the"
                + " two");
  }

  @Test
  void anUnknownKeyThatIsASlip() {
    assertThat(ThreeClusters.file().with("network: beijing", "netwrok: beijing").mistakes())
        .containsExactly(
            "24:5 unknown key \"netwrok\" in cluster beijing | did you mean \"network\"?");
  }

  @Test
  void anUnknownKeyThatIsNoSlip() {
    assertThat(ThreeClusters.file().with("  id: tandem", "  owner: me").mistakes())
        .containsExactly("3:3 unknown key \"owner\" in mesh | choose from: id, trustDomain");
  }

  @Test
  void aKeyInTheWrongPlace() {
    assertThat(ThreeClusters.file().with("  id: tandem", "  subnet: 172.30.0.0/16").mistakes())
        .containsExactly(
            "3:3 unknown key \"subnet\" in mesh | it belongs under docker: move it there");
  }

  @Test
  void aMergeKey() {
    assertThat(ThreeClusters.file().with("  id: tandem", "  <<: {id: tandem}").mistakes())
        .containsExactly(
            "3:3 unknown key \"<<\" in mesh | write the keys out: YAML 1.2 has no merge keys");
  }

  @Test
  void aNumberInPlaceOfText() {
    assertThat(ThreeClusters.file().with("zone: cn-north-1a", "zone: 1").mistakes())
        .containsExactly(
            "23:11 zone of cluster beijing must be text and is the number 1 | quote it: zone:"
                + " \"1\"");
  }

  @Test
  void aTruthValueInPlaceOfText() {
    assertThat(ThreeClusters.file().with("name: beijing", "name: true").mistakes())
        .containsExactly(
            "20:11 name of cluster number 2 must be text and is the truth value true | quote it:"
                + " name: \"true\"");
  }

  @Test
  void aListInPlaceOfText() {
    assertThat(ThreeClusters.file().with("network: beijing", "network: [a, b]").mistakes())
        .containsExactly(
            "24:14 network of cluster beijing must be text and is a list | write network: and one"
                + " word");
  }

  @Test
  void aKeyWithoutValue() {
    assertThat(ThreeClusters.file().with("zone: cn-north-1a", "zone:").mistakes())
        .containsExactly(
            "23:5 zone of cluster beijing has no value | give it one, or remove the line");
  }

  @Test
  void textInPlaceOfKeys() {
    assertThat(
            ThreeClusters.file()
                .with("database:\n  cluster: shanghai", "database: shanghai\n")
                .mistakes())
        .containsExactly(
            "8:11 database of the file must be keys of its own and is the text \"shanghai\" | indent"
                + " its keys below it: cluster");
  }

  @Test
  void keysInPlaceOfAList() {
    assertThat(
            ThreeClusters.mistakesIn(
                "apiVersion: tandem.dev/v1\ndatabase: {cluster: a}\nclusters:\n  a: {}\n"))
        .containsExactly(
            "4:3 clusters of the file must be a list and is a set of keys | write each entry below"
                + " it, after a hyphen: - name: shanghai");
  }

  @Test
  void anEntryThatIsOnlyAName() {
    assertThat(ThreeClusters.mistakesIn(ThreeClusters.file().text() + "  - tokyo\n"))
        .containsExactly(
            "38:5 an entry of clusters is the text \"tokyo\" and not a set of keys | give it keys: -"
                + " name: shanghai");
  }

  @Test
  void noClusters() {
    assertThat(
            ThreeClusters.mistakesIn(
                "apiVersion: tandem.dev/v1\ndatabase: {cluster: a}\nclusters: []\n"))
        .containsExactly("3:11 clusters lists no cluster | add one entry: - name: shanghai");
  }

  @Test
  void anotherVersionWhoseKeysNobodyKnows() {
    assertThat(ThreeClusters.mistakesIn("apiVersion: tandem.dev/v2\nsites: []\n"))
        .containsExactly(
            "1:13 apiVersion \"tandem.dev/v2\" is not supported | write apiVersion: tandem.dev/v1");
  }

  @Test
  void nothingButAVersion() {
    assertThat(ThreeClusters.mistakesIn("apiVersion: tandem.dev/v1\n"))
        .containsExactly(
            "1:1 the file does not say which cluster runs the database | add \"database:\" and"
                + " below it \"  cluster: \" with the name of a cluster",
            "1:1 the file has no clusters | add \"clusters:\" with one entry at least");
  }

  @Test
  void noVersion() {
    assertThat(ThreeClusters.file().without("apiVersion").mistakes())
        .containsExactly("1:1 the file has no apiVersion | add \"apiVersion: tandem.dev/v1\"");
  }
}
