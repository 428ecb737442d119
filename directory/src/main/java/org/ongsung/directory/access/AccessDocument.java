package org.ongsung.directory.access;

import java.util.List;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;

/// Users, groups, targets and grants as they shall be. Names are unique within each list.
///
/// Groups need not be listed: a group that a user names comes into being.
public record AccessDocument(
    List<UserEntry> users, List<Group> groups, List<TargetEntry> targets, List<Grant> grants) {
  public AccessDocument {
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    targets = List.copyOf(targets);
    grants = List.copyOf(grants);
  }

  /// A document about one user alone.
  public static AccessDocument of(UserEntry user) {
    return new AccessDocument(List.of(user), List.of(), List.of(), List.of());
  }

  /// A document about one group alone.
  public static AccessDocument of(Group group) {
    return new AccessDocument(List.of(), List.of(group), List.of(), List.of());
  }

  /// A document about one target alone.
  public static AccessDocument of(TargetEntry target) {
    return new AccessDocument(List.of(), List.of(), List.of(target), List.of());
  }

  /// A document about one grant alone.
  public static AccessDocument of(Grant grant) {
    return new AccessDocument(List.of(), List.of(), List.of(), List.of(grant));
  }
}
