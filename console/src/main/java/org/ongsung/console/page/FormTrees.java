package org.ongsung.console.page;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.console.http.Fields;
import org.ongsung.directory.Difference;

/// Turns a form into the tree of the access file; says nothing about whether it is right.
final class FormTrees {
  private static final int MAX_ACCOUNTS = 201;

  private FormTrees() {}

  static Map<String, Object> of(Difference.Kind kind, Fields form, String name, ZoneId zone) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name);
    switch (kind) {
      case USER -> user(tree, form);
      case GROUP -> putText(tree, "title", form.raw("title"));
      case TARGET -> target(tree, form);
      case GRANT -> grant(tree, form, zone);
    }
    return tree;
  }

  private static void user(Map<String, Object> tree, Fields form) {
    putText(tree, "title", form.raw("title"));
    tree.put("roles", form.all("roles"));
    List<String> groups = new ArrayList<>(form.all("groups"));
    groups.addAll(words(form.raw("newGroups")));
    tree.put("groups", groups.stream().distinct().toList());
    tree.put("active", form.has("active"));
    putSecret(tree, "password", form.raw("password"));
    tree.put("publicKeys", lines(form.raw("publicKeys")));
  }

  private static void target(Map<String, Object> tree, Fields form) {
    putText(tree, "title", form.raw("title"));
    boolean telnet = form.raw("protocol").equals("telnet");
    tree.put("protocol", telnet ? "telnet" : "ssh");
    tree.put("address", form.raw("address").strip());
    tree.put("labels", pairs(form.raw("labels")));
    if (!telnet) {
      tree.put(
          "hostKeys",
          form.raw("hostKeyPolicy").equals("pinned")
              ? lines(form.raw("hostKeys"))
              : "trust-on-first-use");
    }
    Map<String, Object> prompts = new LinkedHashMap<>();
    for (String kind : List.of("login", "password", "ready", "refused")) {
      List<String> patterns = lines(form.raw("prompt-" + kind));
      if (!patterns.isEmpty()) {
        prompts.put(kind, patterns);
      }
    }
    if (!prompts.isEmpty()) {
      tree.put("prompts", prompts);
    }
    if (!form.raw("encoding").isEmpty() && !form.raw("encoding").equals("utf-8")) {
      tree.put("encoding", form.raw("encoding"));
    }
    List<Object> accounts = new ArrayList<>();
    for (int i = 0; i < MAX_ACCOUNTS && form.has("account" + i); i++) {
      String account = form.raw("account" + i).strip();
      if (!account.isEmpty() && !form.has("remove" + i)) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", account);
        putText(one, "login", form.raw("login" + i));
        putSecret(one, "password", form.raw("password" + i));
        putSecret(one, "privateKey", form.raw("privateKey" + i).replace("\r\n", "\n"));
        accounts.add(one);
      }
    }
    tree.put("accounts", accounts);
  }

  private static void grant(Map<String, Object> tree, Fields form, ZoneId zone) {
    tree.put("who", Map.of("users", words(form.raw("users")), "groups", words(form.raw("groups"))));
    Map<String, Object> where = new LinkedHashMap<>();
    where.put("targets", words(form.raw("targets")));
    Map<String, Object> labels = pairs(form.raw("labels"));
    if (!labels.isEmpty()) {
      where.put("labels", labels);
    }
    tree.put("where", where);
    tree.put("as", words(form.raw("as")));
    tree.put("may", form.all("may"));
    tree.put("from", words(form.raw("from")));
    putText(tree, "until", moment(form.raw("until").strip(), zone));
    Map<String, Object> limits = new LinkedHashMap<>();
    putText(limits, "idle", form.raw("idle"));
    putText(limits, "duration", form.raw("duration"));
    String sessions = form.raw("sessions").strip();
    if (!sessions.isEmpty()) {
      limits.put("sessions", sessions.matches("[0-9]{1,9}") ? Integer.valueOf(sessions) : sessions);
    }
    if (!limits.isEmpty()) {
      tree.put("limits", limits);
    }
  }

  private static String moment(String typed, ZoneId zone) {
    try {
      return typed.isEmpty()
          ? ""
          : LocalDateTime.parse(typed).atZone(zone).toOffsetDateTime().toString();
    } catch (DateTimeParseException e) {
      return typed; // the reader of the tree says what is wrong with it
    }
  }

  private static void putText(Map<String, Object> tree, String key, String typed) {
    String text = typed.strip();
    if (!text.isEmpty()) {
      tree.put(key, text);
    }
  }

  private static void putSecret(Map<String, Object> tree, String key, String typed) {
    if (!typed.isBlank()) {
      tree.put(key, Map.of("plain", typed));
    }
  }

  private static List<String> words(String typed) {
    return Arrays.stream(typed.split("[,\\s]+", -1)).filter(word -> !word.isEmpty()).toList();
  }

  private static List<String> lines(String typed) {
    return typed.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static Map<String, Object> pairs(String typed) {
    Map<String, Object> pairs = new LinkedHashMap<>();
    for (String line : typed.split("[\\r\\n,]+", -1)) {
      int equals = line.indexOf('=');
      if (!line.isBlank()) {
        pairs.put(
            (equals < 0 ? line : line.substring(0, equals)).strip(),
            equals < 0 ? "" : line.substring(equals + 1).strip());
      }
    }
    return pairs;
  }
}
