package org.ongsung.directory.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ongsung.directory.Problem;
import org.ongsung.wire.yaml.YamlMapping;

/// The mappings of a YAML file; problems name line and column.
record YamlFields(YamlMapping yaml) implements Fields {
  @Override
  public boolean has(String key) {
    return yaml.has(key);
  }

  @Override
  public boolean isMapping(String key) {
    return yaml.isMapping(key);
  }

  @Override
  public boolean isList(String key) {
    return yaml.isSequence(key);
  }

  @Override
  public <T> T required(String key, Expected what, T standIn, Function<String, T> parse) {
    return yaml.required(key, what.text(), standIn, parse);
  }

  @Override
  public <T> Optional<T> optional(String key, Expected what, Function<String, T> parse) {
    return yaml.optional(key, what.text(), parse);
  }

  @Override
  public boolean bool(String key, boolean fallback) {
    return yaml.bool(key, fallback);
  }

  @Override
  public <T> List<T> list(String key, Expected what, Function<String, T> parse) {
    return yaml.list(key, what.text(), parse);
  }

  @Override
  public Map<String, String> texts(String key) {
    return yaml.stringMap(key);
  }

  @Override
  public <T> Optional<T> mapping(String key, Function<Fields, T> reading) {
    return yaml.optionalMapping(key, nested -> reading.apply(new YamlFields(nested)));
  }

  @Override
  public <T> List<T> mappings(String key, Function<Fields, T> reading) {
    return yaml.mappings(key, nested -> reading.apply(new YamlFields(nested)));
  }

  @Override
  public void problem(String key, Problem.Code code, String message, Object... arguments) {
    yaml.problem(key, message);
  }
}
