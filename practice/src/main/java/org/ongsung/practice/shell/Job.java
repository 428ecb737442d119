package org.ongsung.practice.shell;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/// One command line at work, with the threads that work on it, so that Ctrl-C can stop them all.
final class Job {
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean interrupted;

  /// Takes the thread in; it is interrupted at once if the job is.
  synchronized void join(Thread thread) {
    threads.add(thread);
    if (interrupted) {
      thread.interrupt();
    }
  }

  synchronized void leave(Thread thread) {
    threads.remove(thread);
  }

  /// Stops the job: whoever waits is woken, whoever works sees it at the next [#check].
  synchronized void interrupt() {
    interrupted = true;
    threads.forEach(Thread::interrupt);
  }

  boolean interrupted() {
    return interrupted;
  }

  /// Goes on only while the job is not interrupted.
  void check() throws InterruptedIOException {
    if (interrupted) {
      throw new InterruptedIOException("interrupted");
    }
  }
}
