package org.ongsung.jobs;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes jobs from a queue and does them, each on a virtual thread of its own, as many at once as
/// it has slots.
///
/// It knows the queue only as a [JobQueue]: the same worker runs in the gateway and anywhere else.
/// While the queue cannot be reached it goes on with what it has and says what it has to say when
/// the queue is back; the lease's token sees to it that nothing counts twice. No fault of the queue
/// ends the worker or what it is at.
public final class JobWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration INSIST = Duration.ofMinutes(15);
  private static final Duration END_GRACE = Duration.ofSeconds(5);
  private static final int TOKEN_BYTES = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final @Nullable String node;
  private final JobQueue queue;
  private final Map<JobKind, JobWork> works;
  private final InstantSource clock;
  private final int slots;
  private final Semaphore free;
  private final Set<Thread> atWork = ConcurrentHashMap.newKeySet();
  private final Thread taker;
  private final SteadyFault fault = new SteadyFault(LOG, "no jobs for now");
  private volatile boolean closing;

  /// @param name what it calls itself
  /// @param node the gateway process that it belongs to; null for one elsewhere
  /// @param works what it serves
  /// @param slots how many jobs at once
  public JobWorker(
      String name,
      @Nullable String node,
      JobQueue queue,
      Map<JobKind, JobWork> works,
      int slots,
      InstantSource clock) {
    this.name = name;
    this.node = node;
    this.queue = queue;
    this.works = Map.copyOf(works);
    this.slots = slots;
    this.free = new Semaphore(slots);
    this.clock = clock;
    this.taker = Thread.ofVirtual().name("job-worker").unstarted(this::takeJobs);
  }

  /// Begins to take jobs.
  public void start() {
    taker.start();
  }

  /// Waits until it is closed.
  public void join() throws InterruptedException {
    taker.join();
  }

  private void takeJobs() {
    String token = newToken();
    try {
      Duration pause = FIRST_PAUSE;
      while (!closing) {
        int room = takeRoom();
        List<LeasedJob> jobs = List.of();
        String next = token;
        try {
          jobs = queue.take(new TakeRequest(name, node, works.keySet(), room, token), PATIENCE);
          fault.isOver();
          next = newToken();
          pause = FIRST_PAUSE;
        } catch (JobsUnavailableException e) {
          // The same token again: what was leased by an answer that was lost comes back with it.
          if (!closing) {
            LOG.warn("no jobs for now: {}", e.getMessage());
          }
          pause = pauseAndDouble(pause);
        } catch (RuntimeException | Error e) {
          // Whatever is wrong with the queue may end; a worker that takes no more does not.
          fault.happened(e);
          pause = pauseAndDouble(pause);
        }
        settleRoom(room, jobs.size());
        jobs.forEach(this::begin);
        token = next;
      }
    } catch (InterruptedException e) {
      // closed
    }
    leave(token);
  }

  /// Otherwise the question that was broken off may still wait there, and get the next job.
  private void leave(String token) {
    boolean _ = Thread.interrupted(); // whoever closed the worker waits while this says so
    try {
      queue.leave(name, token);
    } catch (RuntimeException | Error e) {
      LOG.debug("the queue did not hear that worker {} has left", name, e);
    }
  }

  /// Gives back what was not used; an answer that was lost may bring more jobs than there is room.
  private void settleRoom(int room, int used) throws InterruptedException {
    if (used <= room) {
      free.release(room - used);
    } else {
      free.acquire(used - room);
    }
  }

  private int takeRoom() throws InterruptedException {
    free.acquire();
    int more = Math.min(free.drainPermits(), slots - 1);
    return 1 + more;
  }

  private static Duration pauseAndDouble(Duration pause) throws InterruptedException {
    Thread.sleep(pause);
    Duration next = pause.multipliedBy(2);
    return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  private static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private void begin(LeasedJob job) {
    Thread thread =
        Thread.ofVirtual()
            .name("job-" + job.id())
            .unstarted(
                () -> {
                  try {
                    run(job);
                  } catch (RuntimeException | Error e) {
                    LOG.error("job {} was left", job.id(), e);
                  } finally {
                    atWork.remove(Thread.currentThread());
                    free.release();
                  }
                });
    atWork.add(thread);
    thread.start();
  }

  private void run(LeasedJob job) {
    JobWork work = works.get(job.parameters().kind());
    if (work == null || closing) {
      var _ = insisting(() -> queue.giveBack(job.id(), job.token()));
      return;
    }
    if (insisting(() -> queue.begin(job.id(), job.token())) != LeaseAnswer.HOLDS) {
      return;
    }
    JobContext context = new JobContext(job.id(), name, clock);
    Pulse pulse = new Pulse(job, context, Thread.currentThread());
    Thread heart = Thread.ofVirtual().name("pulse-" + job.id()).start(pulse);
    @Nullable JobResult result = null;
    String problem = "";
    boolean again = true;
    try {
      result = work.run(job.parameters(), job.destination(), context);
    } catch (WorkFailedException e) {
      problem = String.valueOf(e.getMessage());
      again = e.again();
      LOG.info("job {}: {}", job.id(), problem, e.getCause());
    } catch (InterruptedException e) {
      problem = "stopped";
    } catch (Exception e) {
      problem = "failed inside; its worker's log has the cause";
      LOG.error("job {} failed inside", job.id(), e);
    } finally {
      pulse.end();
      heart.interrupt();
    }
    boolean _ = Thread.interrupted(); // whoever stopped the work does not stop what is told of it
    tell(job, pulse, context, result, problem, again);
  }

  private void tell(
      LeasedJob job,
      Pulse pulse,
      JobContext context,
      @Nullable JobResult result,
      String problem,
      boolean again) {
    if (pulse.lost()) {
      return;
    }
    List<JobLogLine> lines = context.unsent();
    if (!lines.isEmpty()
        && insisting(() -> queue.report(job.id(), job.token(), context.progress(), lines))
            == LeaseAnswer.LOST) {
      return;
    }
    LeaseAnswer answer =
        insisting(
            () ->
                result != null
                    ? queue.complete(job.id(), job.token(), result)
                    : queue.fail(job.id(), job.token(), problem, again));
    if (answer == LeaseAnswer.LOST) {
      LOG.warn("job {} was somebody else's by the time it had ended here", job.id());
    }
  }

  /// Says something to the queue until it answers.
  private LeaseAnswer insisting(java.util.function.Supplier<LeaseAnswer> say) {
    long end = System.nanoTime() + (closing ? END_GRACE : INSIST).toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return say.get();
      } catch (RuntimeException | Error e) {
        // As above: a fault that nobody foresaw may end too, and the end of a job is told once.
        if (!(e instanceof JobsUnavailableException)) {
          LOG.error("the queue failed inside", e);
        }
        if (System.nanoTime() > end || closing) {
          LOG.warn("the queue did not hear of a job's end: {}", e.getMessage());
          return LeaseAnswer.LOST;
        }
        try {
          pause = pauseAndDouble(pause);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return LeaseAnswer.LOST;
        }
      }
    }
  }

  /// How many jobs it is at now.
  public int atWork() {
    return atWork.size();
  }

  /// Takes no more jobs, gives what is under way a moment, then stops it; a queue that can be
  /// reached hears of all that, and gives this worker no job afterwards.
  @Override
  public void close() {
    closing = true;
    taker.interrupt();
    await(END_GRACE);
    atWork.forEach(Thread::interrupt);
    taker.interrupt();
    await(END_GRACE);
  }

  private void await(Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    List<Thread> threads = new ArrayList<>(atWork);
    if (taker.getState() != Thread.State.NEW) {
      threads.add(taker);
    }
    try {
      for (Thread thread : threads) {
        long left = end - System.nanoTime();
        if (left > 0) {
          boolean _ = thread.join(Duration.ofNanos(left));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Tells the queue that the work goes on, and stops the work when it is not wanted any more.
  private final class Pulse implements Runnable {
    private final LeasedJob job;
    private final JobContext context;
    private final Thread work;
    private boolean ended;
    private volatile boolean lost;

    Pulse(LeasedJob job, JobContext context, Thread work) {
      this.job = job;
      this.context = context;
      this.work = work;
    }

    boolean lost() {
      return lost;
    }

    @Override
    public void run() {
      try {
        while (true) {
          TimeUnit.NANOSECONDS.sleep(job.renewEvery().toNanos());
          beat();
        }
      } catch (InterruptedException e) {
        // The work has ended.
      }
    }

    private void beat() {
      List<JobLogLine> lines = context.unsent();
      try {
        LeaseAnswer answer = queue.report(job.id(), job.token(), context.progress(), lines);
        context.sent(lines);
        if (answer != LeaseAnswer.HOLDS) {
          lost = answer == LeaseAnswer.LOST;
          stop();
        }
      } catch (JobsUnavailableException e) {
        LOG.debug("job {} goes on unheard", job.id(), e);
      } catch (RuntimeException | Error e) {
        LOG.error("job {} goes on unheard", job.id(), e);
      }
    }

    private synchronized void stop() {
      if (!ended) {
        work.interrupt();
      }
    }

    synchronized void end() {
      ended = true;
    }
  }
}
