package org.ongsung.vault;

import org.ongsung.model.Name;
import org.ongsung.model.SecretKind;

/// Which secret: the one of that kind of that account on that target. Bound into the seal, so that
/// a sealed secret moved to another place does not open.
public record SecretId(Name target, Name account, SecretKind kind) {
  @Override
  public String toString() {
    return target + "/" + account + "/" + kind.text();
  }
}
