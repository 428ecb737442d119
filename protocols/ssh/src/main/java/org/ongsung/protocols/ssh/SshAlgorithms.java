package org.ongsung.protocols.ssh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.helpers.AbstractFactoryManager;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.DHFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.ongsung.model.SshPublicKey;
import org.ongsung.protocols.ssh.cipher.SshCiphers;

/// The algorithms that both legs offer: nothing with SHA-1, CBC or no key (RFC 9142, RFC 8332).
final class SshAlgorithms {
  private static final List<DHFactory> KEY_EXCHANGES =
      List.of(
          BuiltinDHFactories.mlkem768x25519,
          BuiltinDHFactories.curve25519,
          BuiltinDHFactories.curve25519_libssh,
          BuiltinDHFactories.dhg16_512,
          BuiltinDHFactories.dhg18_512);

  /// What only targets are offered beyond that: some have nothing better, and scanners distrust it.
  private static final List<DHFactory> MORE_FOR_TARGETS =
      List.of(
          BuiltinDHFactories.ecdhp256, BuiltinDHFactories.ecdhp384, BuiltinDHFactories.ecdhp521);

  private static final List<NamedFactory<Mac>> MACS =
      List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm);

  private static final List<NamedFactory<Signature>> SIGNATURES =
      List.of(
          BuiltinSignatures.ed25519,
          BuiltinSignatures.nistp256,
          BuiltinSignatures.nistp384,
          BuiltinSignatures.nistp521,
          BuiltinSignatures.rsaSHA512,
          BuiltinSignatures.rsaSHA256);

  private static final List<NamedFactory<Signature>> SECURITY_KEY_SIGNATURES =
      List.of(BuiltinSignatures.sk_ssh_ed25519, BuiltinSignatures.sk_ecdsa_sha2_nistp256);

  private SshAlgorithms() {}

  static void configure(SshServer server) {
    common(server);
    server.setKeyExchangeFactories(
        NamedFactory.setUpTransformedFactories(true, KEY_EXCHANGES, ServerBuilder.DH2KEX));
    List<NamedFactory<Signature>> signatures = new ArrayList<>(SIGNATURES);
    signatures.addAll(SECURITY_KEY_SIGNATURES);
    server.setSignatureFactories(signatures);
  }

  static void configure(SshClient client) {
    common(client);
    List<DHFactory> exchanges = new ArrayList<>(KEY_EXCHANGES);
    exchanges.addAll(MORE_FOR_TARGETS);
    client.setKeyExchangeFactories(
        NamedFactory.setUpTransformedFactories(true, exchanges, ClientBuilder.DH2KEX));
    client.setSignatureFactories(SIGNATURES);
  }

  private static void common(AbstractFactoryManager manager) {
    manager.setCipherFactories(SshCiphers.all());
    manager.setMacFactories(MACS);
    manager.setCompressionFactories(
        List.of(org.apache.sshd.common.compression.BuiltinCompressions.none));
  }

  /// The host key algorithms to ask a target for: those of the keys that are known first, so that a
  /// target with several keys shows one that can be compared.
  static List<NamedFactory<Signature>> preferring(List<SshPublicKey> known) {
    Set<String> types =
        known.stream()
            .map(SshPublicKey::algorithm)
            .collect(java.util.stream.Collectors.toUnmodifiableSet());
    List<NamedFactory<Signature>> ordered = new ArrayList<>();
    SIGNATURES.stream().filter(s -> types.contains(keyType(s.getName()))).forEach(ordered::add);
    SIGNATURES.stream().filter(s -> !types.contains(keyType(s.getName()))).forEach(ordered::add);
    return ordered;
  }

  /// The key type that a signature algorithm belongs to: RSA has several algorithms for one type.
  static String keyType(String algorithm) {
    return algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
  }

  /// Whether a cipher withstands prefix truncation without strict key exchange (CVE-2023-48795).
  static boolean isGcm(String cipher) {
    return cipher.endsWith("-gcm@openssh.com");
  }

  /// The names in `offered`, a name list of RFC 4251 section 5, that say something to a person.
  static String shown(String offered) {
    return String.join(
        ", ",
        Arrays.stream(offered.split(","))
            .filter(name -> !name.startsWith("ext-info-") && !name.startsWith("kex-strict-"))
            .limit(8)
            .toList());
  }
}
