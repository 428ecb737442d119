package org.ongsung.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the module graph cannot see of the architecture.
class ArchitectureTest {
  private static JavaClasses product;

  @BeforeAll
  static void readTheProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.ongsung");
    assertThat(product).hasSizeGreaterThan(50);
  }

  @Test
  void noPackageDependsOnItselfThroughAnother() {
    slices().matching("org.ongsung.(**)").should().beFreeOfCycles().check(product);
  }

  @Test
  void onlyTheStoreKnowsSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.ongsung.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.flywaydb..")
        .check(product);
  }

  @Test
  void theWireHasNoSocketsNoClockAndNoLogger() {
    noClasses()
        .that()
        .resideInAPackage("org.ongsung.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.channels..", "org.slf4j..")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(product);
  }

  @Test
  void permissionsAndProvenUsersAreMadeOnlyByThePolicy() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.ongsung.policy..")
        .should()
        .callConstructor("org.ongsung.policy.TargetGrant")
        .check(product);
    classes()
        .that()
        .haveFullyQualifiedName("org.ongsung.policy.TargetGrant")
        .or()
        .haveFullyQualifiedName("org.ongsung.policy.AuthenticatedUser")
        .should()
        .haveOnlyFinalFields()
        .andShould()
        .bePublic()
        .check(product);
    for (String proof :
        java.util.List.of(
            "org.ongsung.policy.TargetGrant", "org.ongsung.policy.AuthenticatedUser")) {
      assertThat(product.get(proof).getConstructors())
          .allSatisfy(
              constructor ->
                  assertThat(constructor.getModifiers())
                      .doesNotContain(
                          com.tngtech.archunit.core.domain.JavaModifier.PUBLIC,
                          com.tngtech.archunit.core.domain.JavaModifier.PROTECTED));
    }
  }

  @Test
  void protocolRoomsDoNotKnowEachOtherNorTheConsoleNorTheStore() {
    noClasses()
        .that()
        .resideInAPackage("org.ongsung.protocols..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.ongsung.console..", "org.ongsung.store..", "org.ongsung.server..")
        .check(product);
  }

  @Test
  void namesSayWhatAClassDoes() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .check(product);
  }
}
