package org.ongsung.console.house;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ongsung.directory.wall.Notice;
import org.ongsung.directory.wall.WallLink;
import org.ongsung.directory.wall.WallStore;
import org.ongsung.model.Name;

/// Stars, notices and links in memory.
final class MemoryWallStore implements WallStore {
  private final Map<Name, Set<Name>> stars = new TreeMap<>();
  private final Map<Name, Notice> notices = new TreeMap<>();
  private final Map<Name, WallLink> links = new TreeMap<>();

  @Override
  public synchronized List<Name> stars(Name user) {
    return List.copyOf(stars.getOrDefault(user, Set.of()));
  }

  @Override
  public synchronized boolean star(Name user, Name target, Instant at, int most) {
    Set<Name> own = stars.computeIfAbsent(user, _ -> new LinkedHashSet<>());
    return own.contains(target) || (own.size() < most && own.add(target));
  }

  @Override
  public synchronized void unstar(Name user, Name target) {
    stars.getOrDefault(user, new LinkedHashSet<>()).remove(target);
  }

  @Override
  public synchronized List<Notice> notices() {
    return List.copyOf(notices.values());
  }

  @Override
  public synchronized Optional<Notice> notice(Name name) {
    return Optional.ofNullable(notices.get(name));
  }

  @Override
  public synchronized void put(Notice notice) {
    notices.put(notice.name(), notice);
  }

  @Override
  public synchronized boolean deleteNotice(Name name) {
    return notices.remove(name) != null;
  }

  @Override
  public synchronized List<WallLink> links() {
    return List.copyOf(links.values());
  }

  @Override
  public synchronized Optional<WallLink> link(Name name) {
    return Optional.ofNullable(links.get(name));
  }

  @Override
  public synchronized void put(WallLink link) {
    links.put(link.name(), link);
  }

  @Override
  public synchronized boolean deleteLink(Name name) {
    return links.remove(name) != null;
  }
}
