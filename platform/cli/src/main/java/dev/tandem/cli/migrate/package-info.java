/**
 * {@code tandem migrate}: from one version of a service to the next, in every cluster together,
 * each step undone by one command. The course of a migration is pure code; clusters are behind
 * {@link dev.tandem.cli.migrate.MigratedCluster}.
 */
@NullMarked
package dev.tandem.cli.migrate;

import org.jspecify.annotations.NullMarked;
