package dev.tandem.cli.topology;

import java.nio.file.Files;
import java.nio.file.Path;

/** The control groups that a host has; a kubelet must drive them in the matching way. */
enum CgroupVersion {
  V1,
  V2;

  /** A unified hierarchy has this file at its root (kernel documentation, cgroup-v2). */
  static CgroupVersion mountedAt(Path directory) {
    return Files.exists(directory.resolve("cgroup.controllers")) ? V2 : V1;
  }
}
