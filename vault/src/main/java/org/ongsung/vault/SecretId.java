package org.ongsung.vault;

import org.ongsung.model.Name;
import org.ongsung.model.SecretKind;

/// The secret of that kind of that account on that target.
public record SecretId(Name target, Name account, SecretKind kind) implements SecretPlace {
  @Override
  public String toString() {
    return target + "/" + account + "/" + kind.text();
  }
}
