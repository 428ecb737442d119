package org.ongsung.transcript.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/// The index of one month's lines. A commit carries the last sequence whose lines are in it, so
/// that after a crash nothing is in it twice. Writing is for one thread, searching for any.
final class Partition implements AutoCloseable {
  private static final String SEQUENCE = "sequence";

  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final long committed;
  private final GramTokens grams = new GramTokens();
  private boolean dirty;

  Partition(Path folder, int bufferMegabytes) throws IOException {
    directory = FSDirectory.open(folder);
    IndexWriterConfig config = new IndexWriterConfig();
    config.setIndexSort(LineFields.ORDER);
    config.setRAMBufferSizeMB(bufferMegabytes);
    config.setUseCompoundFile(false);
    config.setCommitOnClose(false);
    IndexWriter opened = new IndexWriter(directory, config);
    try {
      committed = lastCommitted();
      searchers = new SearcherManager(opened, null);
    } catch (IOException | RuntimeException e) {
      opened.close();
      directory.close();
      throw e;
    }
    writer = opened;
  }

  private long lastCommitted() throws IOException {
    if (!DirectoryReader.indexExists(directory)) {
      return 0;
    }
    Map<String, String> data = SegmentInfos.readLatestCommit(directory).getUserData();
    return Long.parseLong(data.getOrDefault(SEQUENCE, "0"));
  }

  /// The last sequence whose lines were in it when it was opened.
  long committed() {
    return committed;
  }

  void add(org.ongsung.transcript.line.SearchableLine line) throws IOException {
    if (line.sequence() > committed) {
      Document document = LineFields.document(line, grams);
      writer.addDocument(document);
      dirty = true;
    }
  }

  void drop(String session) throws IOException {
    writer.deleteDocuments(new Term(LineFields.SESSION, session));
    dirty = true;
  }

  /// Makes what was added durable, up to `sequence`.
  void commit(long sequence) throws IOException {
    if (dirty) {
      writer.setLiveCommitData(Map.of(SEQUENCE, Long.toString(sequence)).entrySet());
      writer.commit();
      dirty = false;
    }
  }

  /// Lets searches see what was added.
  void refresh() throws IOException {
    searchers.maybeRefresh();
  }

  /// Gives a view; give it back with [#release].
  IndexSearcher acquire() throws IOException {
    return searchers.acquire();
  }

  void release(IndexSearcher searcher) throws IOException {
    searchers.release(searcher);
  }

  /// Closes without a commit of what is not committed.
  @Override
  public void close() throws IOException {
    try (directory;
        writer) {
      searchers.close();
    }
  }
}
