package org.ongsung.gateway;

/// Space that recordings leave alone: for the ledger, and for the administrators who come to a full
/// disk to make room.
public interface StorageReserve {
  /// None at all.
  StorageReserve NONE =
      new StorageReserve() {
        @Override
        public void tend() {}

        @Override
        public long missingBytes() {
          return 0;
        }
      };

  /// Gives up a part where nothing else is left, and takes back what was given up where there is
  /// room for it. Blocks.
  void tend();

  /// Bytes that are given up and not taken back yet: free, and not for recordings.
  long missingBytes();
}
