package org.ongsung.wire.yaml;

/// How much YAML one document may be.
///
/// @param maxBytes the document's size, inclusive
/// @param maxDepth how deep mappings and sequences may stand in each other, inclusive
/// @param maxNodes mappings, sequences and scalars, inclusive, each alias counted as all that it
///   stands for
/// @param maxProblems how many problems are told before the reader gives up, inclusive
public record YamlLimits(int maxBytes, int maxDepth, int maxNodes, int maxProblems) {
  /// 16 MiB, 32 deep, a million nodes, 50 problems.
  public static final YamlLimits DEFAULT = new YamlLimits(16 << 20, 32, 1_000_000, 50);

  public YamlLimits {
    if (maxBytes < 1 || maxDepth < 1 || maxNodes < 1 || maxProblems < 1) {
      throw new IllegalArgumentException("every YAML limit must be at least 1");
    }
  }
}
